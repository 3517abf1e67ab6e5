import { LabError } from '../model/errors.ts';
import type { Network } from '../runtime/runtime.ts';

/** What a shell and env(1) say of a program that is not there. */
const notFound = 127;

/**
 * The network as probes see it: a program that is not on a node is an error of ours, and never an answer
 * of the network. Without this a missing tool looks like an attack that was stopped.
 */
export function insistOnTools(network: Network): Network {
  return {
    ...network,
    node: (name) => {
      const node = network.node(name);
      return {
        ...node,
        exec: async (argv, options) => {
          const result = await node.exec(argv, options);
          if (result.exitCode !== notFound) return result;
          throw new LabError('missing-tool', `${name} lacks a program: ${result.stderr.trim() || argv.join(' ')}`, {
            hint: 'breakwater image build',
          });
        },
      };
    },
  };
}
