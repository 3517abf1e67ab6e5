import { z } from 'zod';

import { parseDocument } from '../document/parse.ts';
import { isNamed, type Part } from '../document/part.ts';
import { durationOf } from '../document/values.ts';

/** A place where an organisation keeps what it knows about persons, as its register of processing says (GDPR, article 30). */
const Store = z.looseObject({
  machine: z.string(),
  /** A file, a folder with all below it, or a pattern with `*` and `**`. */
  path: z.string().startsWith('/'),
  /** As long as it is kept; absent where something else than a number of days ends it. */
  days: z.number().min(0).optional(),
});
export type Store = z.infer<typeof Store>;

export interface Register {
  readonly parts: Part;
  readonly stores: readonly Store[];
}

/** A file of a machine. */
export interface Place {
  readonly machine: string;
  readonly path: string;
}

const dayMs = 86_400_000;

/** The register that a file holds, or why it holds none. Pure. */
export function readRegister(text: string, hosts: ReadonlyMap<string, string> = new Map()): Register | string {
  let parts: Part;
  try {
    parts = parseDocument(text, 'facts');
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`;
  }
  // A table without anything else is the list of stores.
  const all: Part = isNamed(parts) ? parts : { stores: parts };
  const listed = isNamed(all['stores']) ? recordsIn(all['stores']) : all['stores'];
  const entries = Array.isArray(listed) ? (listed as readonly Part[]).map((it) => entryOf(it, hosts)) : listed;
  const read = z.array(Store).safeParse(entries);
  if (read.success) return { parts: all, stores: read.data };
  const [issue] = read.error.issues;
  return `${['stores', ...(issue?.path ?? [])].join('.')} is not as it has to be: ${issue?.message ?? ''}`;
}

/** The stores of a table, whose rows may stand below what tells them apart. */
function recordsIn(part: Part): Part[] {
  if (!isNamed(part)) return [];
  return part['path'] === undefined ? Object.values(part).flatMap(recordsIn) : [part];
}

/** Machines may be called by their whole names, and an end may be as long as people say: two weeks are 14 days. */
function entryOf(part: Part, hosts: ReadonlyMap<string, string>): unknown {
  if (!isNamed(part)) return part;
  const { machine, path, days, ...others } = part;
  const length = days === undefined ? undefined : durationOf(String(days), dayMs);
  return {
    ...others,
    machine: hosts.get(String(machine).toLowerCase().replace(/\.$/, '')) ?? machine,
    path,
    ...(days === undefined ? {} : { days: length === undefined ? days : length / dayMs }),
  };
}

/** The store of the register that a file belongs to. Pure. */
export function storeOf(stores: readonly Store[], { machine, path }: Place): Store | undefined {
  return stores.find((store) => store.machine === machine && patternOf(store.path).test(path));
}

/** What rotation makes of the name of a log: `.1`, `.2.gz`, `-20261125`. */
const rotated = String.raw`([.-]\d+)*(\.(gz|bz2|xz))?`;

/** What postmap(1) makes of a table: the same entries, by an index. */
const indexed = String.raw`\.(db|lmdb|cdb|pag|dir)`;

/** Files of a store: itself, what is below it, and what rotation or an index made of it. */
function patternOf(path: string): RegExp {
  const words = path.replace(/\/+$/, '').split(/(\*+)/);
  const pattern = words.map((word) =>
    word.startsWith('*') ? (word.length > 1 ? '.*' : '[^/]*') : word.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`),
  );
  return new RegExp(`^${pattern.join('')}(${rotated}|${indexed}|/.*)$`);
}
