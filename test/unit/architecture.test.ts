import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';

import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';

/**
 * What each room may use beside itself. `rooms` give code and types; `types` give types alone; what
 * has a slash after the room is one file of it. `packages` are from npm, `builtins` from Node.
 */
interface Room {
  readonly rooms?: readonly string[];
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
  readonly builtins?: readonly string[];
}

const rooms: Readonly<Record<string, Room>> = {
  'core/model': { packages: ['zod', 'ip-address'] },
  'core/exec': {
    rooms: ['core/model/errors.ts'],
    packages: ['execa'],
    builtins: [
      'child_process',
      'events',
      'fs',
      'fs/promises',
      'net',
      'os',
      'path',
      'readline',
      'stream',
      'stream/promises',
      'url',
    ],
  },
  // Small changes to configuration files, and what of them makes no difference.
  'core/mutants': { rooms: ['core/model'], packages: ['zod'] },
  // What was proved, under the content of all that it depends on, and what is to be proved again.
  'core/proofs': { rooms: ['core/model'], packages: ['zod'], builtins: ['crypto'] },
  'core/load': {
    rooms: ['core/model', 'core/mutants/equivalent.ts', 'core/proofs/held.ts'],
    types: ['core/probes/probe.ts'],
    packages: ['leven', 'yaml', 'zod'],
    builtins: ['fs', 'path'],
  },
  // Templates, by an engine that is another process.
  'core/render': {
    rooms: [
      'core/model',
      'core/exec/command.ts',
      'core/exec/user-namespace.ts',
      'core/load/complaints.ts',
      'core/load/near-spelling.ts',
      'core/runtime/rootless/seccomp.ts',
    ],
    types: ['core/image/store.ts'],
    packages: ['zod'],
    builtins: ['fs/promises', 'path', 'url'],
  },
  'core/workspace': { rooms: ['core/model', 'core/exec'], packages: ['diff'], builtins: ['fs', 'fs/promises', 'path'] },
  'core/image': {
    rooms: ['core/model', 'core/exec'],
    builtins: ['crypto', 'fs', 'fs/promises', 'os', 'path'],
  },
  'core/runtime': {
    rooms: ['core/model', 'core/exec'],
    types: ['core/image/store.ts'],
    packages: ['string-argv', 'write-file-atomic', 'zod'],
    builtins: ['fs/promises', 'path'],
  },
  'core/probes': {
    // A probe starts nothing on this computer: it has a Network for that.
    rooms: ['core/model', 'core/exec/command.ts', 'core/exec/quote.ts'],
    types: ['core/runtime/runtime.ts'],
    // dig tells its answers in YAML; documents are written in that, in HTML, in Markdown and in tables, and say dates,
    // lengths of time and telephone numbers.
    packages: [
      'chrono-node',
      'csv-parse',
      'hast',
      'hast-util-from-html',
      'hast-util-to-text',
      'ip-address',
      'libphonenumber-js',
      'mdast-util-from-markdown',
      'mdast-util-gfm',
      'mdast-util-to-hast',
      'micromark-extension-gfm',
      'parse-duration',
      'yaml',
      'zod',
    ],
    builtins: ['timers/promises'],
  },
  'core/daemons': {
    rooms: ['core/model', 'core/exec/command.ts'],
    types: ['core/runtime/runtime.ts'],
    builtins: ['crypto'],
  },
  'core/checks': {
    rooms: ['core/model'],
    types: ['core/probes/probe.ts', 'core/runtime/runtime.ts'],
    builtins: ['events'],
  },
  // What goes wrong between a network and those who look at it.
  'core/faults': {
    rooms: ['core/model', 'core/exec/command.ts'],
    types: ['core/runtime/runtime.ts'],
    builtins: ['timers/promises'],
  },
  'core/run': {
    rooms: ['core/model', 'core/checks'],
    types: ['core/probes/probe.ts', 'core/runtime/runtime.ts'],
    packages: ['p-limit', 'write-file-atomic'],
    builtins: ['crypto', 'fs/promises', 'path'],
  },
  'core/report': {
    rooms: ['core/model'],
    packages: ['picocolors', 'wrap-ansi', 'write-file-atomic'],
    builtins: ['crypto', 'fs/promises', 'path', 'util'],
  },
  'core/appliance': {
    rooms: [
      'core/checks/check.ts',
      'core/daemons',
      'core/faults',
      'core/model',
      'core/exec',
      'core/image',
      'core/load',
      'core/mutants',
      'core/probes/registry.ts',
      'core/probes/watch.ts',
      'core/proofs',
      'core/render',
      'core/run',
      'core/runtime/rootless/runtime.ts',
      'core/workspace',
    ],
    types: ['core/runtime/runtime.ts'],
    // esbuild knows which modules a verdict depends on.
    packages: ['esbuild', 'p-limit', 'write-file-atomic', 'zod'],
    builtins: ['crypto', 'events', 'fs', 'fs/promises', 'path', 'timers/promises'],
  },
  cli: {
    rooms: [
      'core/appliance',
      'core/model',
      'core/report',
      'core/exec/interactive.ts',
      'core/image',
      'core/workspace/workspace.ts',
      'package.json',
    ],
    types: ['core/proofs/select.ts', 'core/workspace/compare-trees.ts'],
    packages: ['@commander-js/extra-typings', 'ora', 'picocolors'],
    builtins: ['events', 'fs', 'os', 'path', 'stream/consumers'],
  },
  'electron/contract': { rooms: ['core/model'], packages: ['zod'] },
  'electron/main': {
    rooms: [
      'core/appliance',
      'core/image',
      'core/model',
      'core/report',
      'core/workspace/workspace.ts',
      'electron/contract',
      'electron/main/terminals',
      'package.json',
    ],
    packages: ['electron', 'write-file-atomic', 'zod'],
    builtins: ['crypto', 'fs', 'fs/promises', 'os', 'path'],
  },
  'electron/main/terminals': {
    rooms: ['core/exec/environment.ts', 'core/exec/inherited-files.ts', 'core/model/errors.ts', 'electron/contract'],
    packages: ['electron', '@lydell/node-pty'],
  },
  'electron/preload': { rooms: ['electron/contract'], packages: ['electron'] },
  // The renderer knows the nouns and the contract; everything else is behind its host.
  'renderer/app': {
    rooms: [
      'renderer/host',
      'renderer/state',
      'renderer/ui',
      'renderer/features/catalogue',
      'renderer/features/demo',
      'renderer/features/faults',
      'renderer/features/lab',
      'renderer/features/reports',
      'renderer/features/welcome',
    ],
    types: ['electron/contract'],
    packages: ['lucide-react', 'react', 'react-dom'],
  },
  // The network as a picture: what the lab's screen and the demo have in common.
  'renderer/drawing': {
    rooms: ['core/model', 'renderer/ui'],
    types: ['electron/contract'],
    packages: ['@xyflow/react', '@xyflow/react/dist/base.css', 'lucide-react', 'react'],
  },
  'renderer/features/catalogue': {
    rooms: ['renderer/state', 'renderer/ui'],
    types: ['core/model', 'electron/contract'],
    packages: ['lucide-react', 'react'],
  },
  'renderer/features/demo': {
    rooms: ['renderer/drawing', 'renderer/features/faults', 'renderer/state', 'renderer/ui'],
    types: ['electron/contract'],
    packages: ['lucide-react', 'react'],
  },
  'renderer/features/editor': {
    rooms: ['renderer/features/faults', 'renderer/state', 'renderer/ui'],
    types: ['electron/contract'],
    packages: [
      '@codemirror/commands',
      '@codemirror/language',
      '@codemirror/merge',
      '@codemirror/search',
      '@codemirror/state',
      '@codemirror/view',
      '@lezer/highlight',
      'lucide-react',
      'react',
      'zustand',
    ],
  },
  // What a verdict rests on, as the lab's screen and the report show it.
  // A part of the window that may fail alone.
  'renderer/features/faults': { rooms: ['renderer/state', 'renderer/ui'], packages: ['lucide-react', 'react'] },
  'renderer/features/findings': {
    rooms: ['core/model', 'renderer/state', 'renderer/ui'],
    types: ['electron/contract'],
    packages: ['lucide-react', 'react'],
  },
  'renderer/features/lab': {
    rooms: [
      'core/model',
      'renderer/state',
      'renderer/ui',
      'renderer/features/editor',
      'renderer/features/faults',
      'renderer/features/findings',
      'renderer/features/terminal',
      'renderer/features/topology',
    ],
    types: ['electron/contract'],
    packages: ['lucide-react', 'react'],
  },
  'renderer/features/reports': {
    rooms: ['core/model', 'renderer/features/faults', 'renderer/features/findings', 'renderer/state', 'renderer/ui'],
    types: ['electron/contract'],
    packages: ['lucide-react'],
  },
  'renderer/features/terminal': {
    rooms: ['renderer/state', 'renderer/ui'],
    types: ['renderer/host'],
    packages: [
      '@xterm/addon-fit',
      '@xterm/addon-search',
      '@xterm/addon-web-links',
      '@xterm/xterm',
      '@xterm/xterm/css/xterm.css',
      'lucide-react',
      'react',
      'zustand',
    ],
  },
  'renderer/features/topology': {
    rooms: ['renderer/drawing', 'renderer/features/faults', 'renderer/state', 'renderer/ui'],
    types: ['core/model', 'electron/contract'],
    packages: ['lucide-react', 'react'],
  },
  'renderer/features/welcome': {
    rooms: ['renderer/state', 'renderer/ui'],
    types: ['electron/contract'],
    packages: ['lucide-react'],
  },
  'renderer/host': { types: ['core/model', 'electron/contract'] },
  'renderer/state': {
    rooms: ['renderer/host'],
    types: ['core/model', 'electron/contract'],
    packages: ['react', 'zustand'],
  },
  // Parts without a word of the field.
  'renderer/ui': {
    packages: ['lucide-react', 'react', 'react-markdown', 'react-resizable-panels', 'rehype-sanitize', 'remark-gfm'],
  },
};

interface Import {
  readonly from: string;
  /** A file of ours relative to the root, or the name of a package. */
  readonly to: string;
  readonly ours: boolean;
  readonly typeOnly: boolean;
}

const root = join(import.meta.dirname, '..', '..');
const files = ['core', 'cli', 'electron', 'renderer'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name))),
);
const imports = files.flatMap(importsOf);

test('the walk sees the whole source', () => {
  expect(files.length).toBeGreaterThan(120);
  expect(imports.length).toBeGreaterThan(400);
  expect(Object.keys(rooms).filter((room) => !files.some((file) => roomOf(file) === room))).toEqual([]);
});

test('every file stands in a room', () => {
  expect(files.filter((file) => rooms[roomOf(file)] === undefined)).toEqual([]);
});

test('every import is allowed to its room', () => {
  expect(imports.filter((it) => !isAllowed(it)).map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test('no permission stands unused', () => {
  const unused = Object.entries(rooms).flatMap(([room, may]) => {
    const mine = imports.filter(({ from }) => roomOf(from) === room);
    const ours = [...(may.rooms ?? []), ...(may.types ?? [])].filter((it) => !mine.some(({ to }) => isIn(to, it)));
    const foreign = [...(may.packages ?? []), ...(may.builtins ?? []).map((it) => `node:${it}`)].filter(
      (it) => !mine.some(({ to }) => isIn(to, it)),
    );
    return [...ours, ...foreign].map((it) => `${room}: ${it}`);
  });
  expect(unused).toEqual([]);
});

test('only core/exec starts processes', () => {
  const starters = imports.filter(({ to }) => ['execa', 'node:child_process', 'node:worker_threads'].includes(to));
  expect(starters.length).toBeGreaterThan(0);
  expect([...new Set(starters.map(({ from }) => roomOf(from)))]).toEqual(['core/exec']);
});

test('only electron/main/terminals opens ptys', () => {
  expect([...new Set(imports.filter(({ to }) => to.includes('node-pty')).map(({ from }) => roomOf(from)))]).toEqual([
    'electron/main/terminals',
  ]);
});

test('there are no barrels', () => {
  expect(files.filter((file) => basename(file).startsWith('index.'))).toEqual([]);
});

test('imports make no cycle', () => {
  const targets = (file: string): string[] =>
    imports.filter(({ from, ours }) => ours && from === file).map(({ to }) => to);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const to of targets(file)) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

function isAllowed({ from, to, ours, typeOnly }: Import): boolean {
  const may = rooms[roomOf(from)];
  if (may === undefined) return false;
  if (!ours)
    return to.startsWith('node:')
      ? may.builtins?.includes(to.slice('node:'.length)) === true
      : may.packages?.some((it) => isIn(to, it)) === true;
  if (roomOf(from) === roomOf(to)) return true;
  return [...(may.rooms ?? []), ...(typeOnly ? (may.types ?? []) : [])].some((it) => isIn(to, it));
}

function isIn(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

/** `core/run` of `core/run/order.ts`; `cli` of everything below it; a feature of the window is a room of its own. */
function roomOf(file: string): string {
  if (file.startsWith('electron/main/terminals/')) return 'electron/main/terminals';
  const parts = dirname(file).split('/');
  if (parts[0] === 'cli') return 'cli';
  return parts.slice(0, parts[1] === 'features' ? 3 : 2).join('/');
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const resolve = (specifier: string, typeOnly: boolean): Import => {
    const ours = /^[.#]/.test(specifier);
    const to = specifier.startsWith('#') ? specifier.slice(1) : normalize(join(dirname(file), specifier));
    return { from: file, to: ours ? to : specifier, ours, typeOnly };
  };
  return [
    ...module.staticImports.map(({ moduleRequest, entries }) =>
      resolve(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType)),
    ),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null ? [] : [resolve(moduleRequest.value, isType)],
      ),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => resolve(text.slice(start + 1, end - 1), false)),
  ];
}
