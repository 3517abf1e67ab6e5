import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What the node image is made of, read from `image/`. */
export interface Recipe {
  readonly folder: string;
  readonly suite: string;
  readonly packages: readonly string[];
  /** Changes when a package is added or removed; what takes a minute to build. */
  readonly packagesId: string;
  /** Changes with anything in the recipe; what takes seconds to build. */
  readonly id: string;
}

const suite = 'trixie';

export async function readRecipe(folder: string): Promise<Recipe> {
  const packages = parsePackages(await readFile(join(folder, 'packages.txt'), 'utf8'));
  const packagesId = digest([suite, ...packages]);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const contents = await Promise.all(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map(async (path) => `${relative(folder, path)}\0${await readFile(path, 'utf8')}`),
  );
  return { folder, suite, packages, packagesId, id: digest([packagesId, ...contents]) };
}

/** One package a line; `#` begins a comment. Order does not matter, so it does not change the id. */
export function parsePackages(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .toSorted();
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}
