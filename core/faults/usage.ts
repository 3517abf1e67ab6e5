import type { Network } from '../runtime/runtime.ts';

/** Programs of the node itself that scripts are made of; everything else that a probe calls is a tool of its own. */
const ordinary: ReadonlySet<string> = new Set(
  'base64 basename cat chmod cp cut date env find grep head install kill ln ls mkdir mktemp mv printf ps rm sed sh sleep sort tail test timeout touch tr true wc xargs'.split(
    ' ',
  ),
);

export interface Recorder {
  /** The network as it was, and it takes down what is run on it. */
  readonly network: Network;
  /** Every word of the commands, by node. */
  readonly words: ReadonlyMap<string, ReadonlySet<string>>;
}

export function recorderOf(network: Network): Recorder {
  const words = new Map<string, Set<string>>();
  const note = (node: string, argv: readonly string[]): void => {
    const known = words.get(node) ?? new Set();
    for (const word of argv.join(' ').match(/[\w./+-]+/g) ?? []) known.add(word);
    words.set(node, known);
  };
  const watched: Network = {
    ...network,
    node: (name) => {
      const node = network.node(name);
      return {
        ...node,
        exec: (argv, options) => (note(name, argv), node.exec(argv, options)),
        spawn: (argv, options) => (note(name, argv), node.spawn(argv, options)),
      };
    },
  };
  return { network: watched, words };
}

/** The words that are programs of the node, by their paths. */
export async function toolsAmong(
  network: Network,
  words: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const script =
    'for word; do path=$(command -v -- "$word") && [ -f "$path" ] && [ -x "$path" ] && echo "$path"; done; true';
  const found = await Promise.all(
    [...words].map(async ([node, those]) => {
      const names = [...those].filter((word) => !ordinary.has(word) && /^(?:\/|[a-z])/.test(word));
      const { stdout } = await network.node(node).exec(['sh', '-c', script, 'sh', ...names]);
      return [node, new Set(stdout.split('\n').filter(Boolean))] as const;
    }),
  );
  return new Map(found);
}
