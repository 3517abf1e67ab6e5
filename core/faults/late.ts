import type { NodeProcess } from '../runtime/runtime.ts';
import { type Fault, victimsOf } from './fault.ts';

/** All processes of a node but its first one, stopped for 800 ms of each second (kill(2)). */
const inTurns = 'while :; do kill -STOP -1; sleep 0.8; kill -CONT -1; sleep 0.2; done';

/** Whatever a check is about answers up to 800 ms later than it would. */
export const late: Fault = {
  name: 'late',
  title: 'what it is about answers up to 800 ms late',
  effect: 'slow',
  strikes: 'before',
  cases: (bench) => {
    const victims = victimsOf(bench.usages);
    const processes: NodeProcess[] = [];
    return [
      {
        about: victims.join(', '),
        usages: bench.usages,
        inflict: async () => {
          for (const node of victims)
            processes.push(bench.network.node(node).spawn(['sh', '-c', inTurns], { undo: 'kill -CONT -1' }));
        },
        lift: async () => {
          await Promise.all(processes.splice(0).map((it) => it.stop()));
        },
      },
    ];
  },
};
