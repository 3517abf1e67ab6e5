import { examineHost } from '#core/appliance/doctor.ts';
import { findImage } from '#core/image/store.ts';
import type { Handlers } from '../answer.ts';
import type { Desk } from '../desk.ts';

export function hostHandlers({ appliance, truth }: Desk) {
  return {
    'host.examine': async () => ({
      findings: await examineHost(appliance),
      image: findImage(appliance.store, appliance.recipe) !== undefined,
    }),
    'host.buildImage': async () => {
      await truth.during('host.buildImage', (options) => appliance.image(options));
      return null;
    },
  } satisfies Partial<Handlers>;
}
