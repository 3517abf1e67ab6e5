import { requireLab } from '#core/appliance/appliance.ts';
import { down } from '#core/appliance/down.ts';
import { reset, restore, solve } from '#core/appliance/mend.ts';
import { up } from '#core/appliance/up.ts';
import type { TaskName } from '../../contract/snapshot.ts';
import type { Handlers } from '../answer.ts';
import { type Desk, traineeNetwork } from '../desk.ts';
import { refreshNetwork } from '../network-state.ts';

export function networkHandlers(desk: Desk) {
  const { appliance, truth, tell } = desk;
  /** Whatever became of it, the window shows how things are now. */
  const during: typeof truth.during = async (task, work) =>
    truth.during(task, async (options) => {
      try {
        return await work(options);
      } finally {
        await refreshNetwork(desk);
        await desk.verdicts.look();
      }
    });
  const mend = async (task: TaskName, why: string, change: (signal: AbortSignal) => ReturnType<typeof reset>) => {
    const changes = [...(await during(task, ({ signal }) => change(signal)))];
    if (changes.length > 0) desk.verdicts.outdate(why);
    tell('config.changed', { paths: changes.map((it) => it.path) });
    return changes;
  };
  return {
    'network.up': async ({ lab: id, all }) => {
      const lab = id === null ? undefined : requireLab(appliance, id);
      const { configuration, notes } = await during('network.up', async ({ signal, onProgress }) => {
        await appliance.image({ signal, onProgress });
        return up(appliance, { name: traineeNetwork, lab, signal, onProgress, ...(all === true ? { all } : {}) });
      });
      tell('config.changed', { paths: [] });
      return { configuration, notes: [...notes] };
    },
    'network.down': async () => {
      desk.terminals.closeAll();
      await during('network.down', () => down(appliance, traineeNetwork));
      return null;
    },
    'network.reset': () =>
      mend('network.reset', 'the lab was reset', (signal) => reset(appliance, traineeNetwork, signal)),
    'network.solve': () =>
      mend('network.solve', 'the solution was laid out', (signal) => solve(appliance, traineeNetwork, signal)),
    'snapshots.restore': ({ id }) =>
      mend('snapshots.restore', 'an earlier snapshot was restored', (signal) =>
        restore(appliance, traineeNetwork, id, signal),
      ),
  } satisfies Partial<Handlers>;
}
