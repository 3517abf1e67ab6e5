import { requireLab } from '#core/appliance/appliance.ts';
import { openDemo, type Demo } from '#core/appliance/demo.ts';
import { LabError } from '#core/model/errors.ts';
import type { DemoState } from '../../contract/snapshot.ts';
import type { Handlers } from '../answer.ts';
import type { Desk } from '../desk.ts';

export function demoHandlers(desk: Desk) {
  const { appliance, truth, tell } = desk;
  const show = (demo: Demo): DemoState => {
    const state = { lab: demo.lab.id, control: demo.control, nodes: [...demo.network.nodes] };
    truth.change({ demo: state });
    return state;
  };
  return {
    'demo.open': ({ lab: id }) =>
      truth.during('demo.open', async ({ signal, onProgress }) => {
        const lab = requireLab(appliance, id);
        await closeDemo(desk);
        await appliance.image({ signal, onProgress });
        desk.demo = await openDemo(appliance, lab, { signal, onProgress });
        return show(desk.demo);
      }),
    'demo.control': ({ on }) =>
      truth.during('demo.control', async ({ signal }) => {
        const demo = requireDemo(desk);
        await demo.setControl(on, signal);
        return show(demo);
      }),
    'demo.attack': () =>
      truth.during('demo.attack', async ({ signal }) => {
        const demo = requireDemo(desk);
        const { run, journeys } = await demo.attack({ signal, listener: (event) => tell('run.event', event) });
        return { run: run.id, lab: demo.lab.id, control: demo.control, verdict: run.verdict, journeys: [...journeys] };
      }),
    'demo.close': async () => {
      await truth.cancel('demo.open', 'demo.control', 'demo.attack');
      await truth.during('demo.close', () => closeDemo(desk));
      return null;
    },
  } satisfies Partial<Handlers>;
}

/** Takes the demo's network away, whatever it is doing. */
export async function closeDemo(desk: Desk): Promise<void> {
  const { demo } = desk;
  desk.demo = undefined;
  await demo?.close();
  if (desk.truth.snapshot().demo !== null) desk.truth.change({ demo: null });
}

function requireDemo({ demo }: Desk): Demo {
  if (demo === undefined) throw new LabError('lab-not-running', 'no demo is open', { hint: 'choose one first' });
  return demo;
}
