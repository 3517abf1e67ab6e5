import type { Handlers } from '../answer.ts';
import type { Desk } from '../desk.ts';

export function appHandlers({ truth, person, preferences }: Desk) {
  return {
    'app.snapshot': () => Promise.resolve(truth.snapshot()),
    'app.openLink': async ({ url }) => {
      await person.openLink(url);
      return null;
    },
    'preferences.read': () => preferences.read(),
    'preferences.write': (changes) => preferences.write(changes),
  } satisfies Partial<Handlers>;
}
