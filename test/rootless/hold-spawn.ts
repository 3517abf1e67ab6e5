import { loadTopology } from '#core/load/load-topology.ts';
import { rootlessRuntime } from '#core/runtime/rootless/runtime.ts';

/**
 * Attaches to a running network and holds a process on one of its nodes until it is killed.
 * Arguments: runtime folder, network, node, the undo, the command.
 */
const [runtimeFolder = '', name = '', node = '', undo = '', ...command] = process.argv.slice(2);
const runtime = rootlessRuntime({
  runtimeFolder,
  image: async () => {
    throw new Error('attaching needs no image');
  },
  loadTopology: async (file) => loadTopology(file),
});
const network = await runtime.attach(name);
if (network === undefined) throw new Error(`no network ${name}`);
const held = network.node(node).spawn(command, { undo });
process.stdout.write(`${await held.waitFor(/./, 10_000)}\n`);
await held.ended;
