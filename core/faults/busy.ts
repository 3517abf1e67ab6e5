import type { NodeProcess } from '../runtime/runtime.ts';
import type { Fault } from './fault.ts';

const loops = 4;

/** The computer has other things to do. */
export const busy: Fault = {
  name: 'busy',
  title: `${loops} loops keep the computer busy`,
  effect: 'slow',
  strikes: 'before',
  cases: (bench) => {
    const processes: NodeProcess[] = [];
    // Nodes share the processors of the computer: which of them it is makes no difference.
    const node = bench.network.node(bench.network.nodes[0] as string);
    return [
      {
        about: 'the computer',
        usages: bench.usages,
        inflict: async () => {
          for (let loop = 0; loop < loops; loop += 1) processes.push(node.spawn(['sh', '-c', 'while :; do :; done']));
        },
        lift: async () => {
          await Promise.all(processes.splice(0).map((it) => it.stop()));
        },
      },
    ];
  },
};
