import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { LabError } from '../model/errors.ts';

/** What the node image is made of, read from `image/`. */
export interface Recipe {
  readonly folder: string;
  readonly suite: Suite;
  readonly packages: readonly string[];
  /** Changes when a package is added or removed; what takes a minute to build. */
  readonly packagesId: string;
  /** Changes with anything in the recipe; what takes seconds to build. */
  readonly id: string;
}

/** Debian's suites that an image can be made of, today's first: 13 and 12. */
export const suites = ['trixie', 'bookworm'] as const;
export type Suite = (typeof suites)[number];

/** The suite of that name, today's where none is named. @throws LabError `usage` */
export function suiteNamed(name: string = suites[0]): Suite {
  const suite = suites.find((it) => it === name);
  if (suite !== undefined) return suite;
  throw new LabError('usage', `there is no node image of the Debian suite "${name}"`, {
    hint: `one of ${suites.join(', ')}, as BREAKWATER_SUITE or with \`image build --suite\``,
  });
}

export async function readRecipe(folder: string, suite: Suite = suites[0]): Promise<Recipe> {
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

/**
 * One package a line, with the path of the part that is wanted where that is not the whole of it; `#` begins a
 * comment. Order does not matter, so it does not change the id.
 */
export function parsePackages(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .toSorted();
}

/** A folder of a package that is taken without the rest of it. */
export interface PackagePart {
  readonly name: string;
  /** As it stands in the image, from `/`. */
  readonly path: string;
}

/** Those that are installed whole, and the parts of others. */
export function splitPackages(packages: readonly string[]): { whole: string[]; parts: PackagePart[] } {
  const words = packages.map((line) => line.split(/\s+/));
  return {
    whole: words.flatMap(([name = '', path]) => (path === undefined ? [name] : [])),
    parts: words.flatMap(([name = '', path]) => (path === undefined ? [] : [{ name, path }])),
  };
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}
