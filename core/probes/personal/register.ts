import { z } from 'zod';

import { parseDocument, type Part } from '../document/parse.ts';

/** A place where an organisation keeps what it knows about persons, as its register of processing says (GDPR, article 30). */
const Store = z.looseObject({
  machine: z.string(),
  /** A file, a folder with all below it, or a pattern with `*` and `**`. */
  path: z.string().startsWith('/'),
  /** As long as it is kept; absent where something else than a number of days ends it. */
  days: z.number().int().min(0).optional(),
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

/** The register that a file holds, or why it holds none. Pure. */
export function readRegister(text: string): Register | string {
  let parts: Part;
  try {
    parts = parseDocument(text, 'yaml');
  } catch (error) {
    return `it is not written as YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`;
  }
  const read = z.looseObject({ stores: z.array(Store) }).safeParse(parts);
  if (read.success) return { parts, stores: read.data.stores };
  const [issue] = read.error.issues;
  return `${issue?.path.join('.') || 'the register'} is not as it has to be: ${issue?.message ?? ''}`;
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
