import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import writeFileAtomic from 'write-file-atomic';

import type { Lab } from '../model/lab.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { contentId } from '../proofs/content-id.ts';

/** What became of one mutant. `refused` is caught too: its daemon did not take it, or the network never came up with it. */
export interface MutantResult {
  /** Of all that the outcome depends on: another lab, probe, image or baseline asks anew. */
  readonly id: string;
  readonly outcome: 'caught' | 'survived';
  /** Ids of the checks that did not pass; none of a survivor. */
  readonly by: readonly string[];
}

const header = '# id\toutcome\tby\twhat was changed; written by `breakwater verify --mutants`';

/** The results that a lab's folder keeps, by id. They travel with the repository: a run goes on where another ended. */
export async function readResults(lab: Lab): Promise<Map<string, { result: MutantResult; about: string }>> {
  const file = fileOf(lab);
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  const rows = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));
  return new Map(
    rows.flatMap(([id, outcome, by = '', about = '']) =>
      id !== undefined && (outcome === 'caught' || outcome === 'survived')
        ? [[id, { result: { id, outcome, by: by.split(',').filter(Boolean) }, about }] as const]
        : [],
    ),
  );
}

/** Writes them sorted, so that two runs that found the same write the same. */
export async function writeResults(
  lab: Lab,
  results: ReadonlyMap<string, { result: MutantResult; about: string }>,
): Promise<void> {
  const rows = [...results.values()].map(({ result: { id, outcome, by }, about }) =>
    [id, outcome, by.join(','), about].join('\t'),
  );
  await writeFileAtomic(fileOf(lab), `${[header, ...rows.toSorted()].join('\n')}\n`);
}

/** What a mutant is, on one line. */
export function describe({ path, line, operator, was, becomes }: Mutant): string {
  return `${path}:${line} ${operator}: ${was}${becomes === '' ? '' : ` → ${becomes}`}`;
}

/** `basis` is the content id of all that the checks of the lab depend on beside the change. */
export function idOf(basis: string, { path, text }: Mutant): string {
  return contentId({ basis, mutant: { path, text } });
}

function fileOf(lab: Lab): string {
  return join(lab.folder, 'mutants.tsv');
}
