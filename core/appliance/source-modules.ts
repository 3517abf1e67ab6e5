import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { LabError } from '../model/errors.ts';
import { contentId } from '../proofs/content-id.ts';
import type { Module, ModuleGraph } from '../proofs/module-graph.ts';

/**
 * Everything that `entries` import, as it stands in the source; types are no part of what runs. Where there is no
 * source, which is an installed package, the version stands for it.
 * @throws LabError where what runs was bundled from an older source
 */
export async function readModules(product: string, entries: readonly string[], version: string): Promise<ModuleGraph> {
  if (!hasSource(product)) return new Map(entries.map((it) => [it, { id: version, imports: [] }]));
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: product,
    entryPoints: [...entries],
    outdir: 'dist',
    bundle: true,
    metafile: true,
    write: false,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  const inputs = Object.entries(metafile.inputs);
  complainOfStaleBundle(
    product,
    inputs.map(([path]) => path),
  );
  const ours = await Promise.all(
    inputs.map(async ([path, { imports }]): Promise<[string, Module]> => {
      const names = imports
        .filter((it) => !it.path.startsWith('node:'))
        .map((it) => (it.external === true ? `npm:${packageOf(it.path)}` : it.path));
      return [path, { id: contentId(await readFile(join(product, path))), imports: names }];
    }),
  );
  const versions = await versionsOf(product);
  const packages = ours.flatMap(([, { imports }]) => imports.filter((it) => it.startsWith('npm:')));
  const theirs = packages.map((it): [string, Module] => [
    it,
    { id: versions.get(it.slice('npm:'.length)) ?? 'unknown', imports: [] },
  ]);
  return new Map([...ours, ...theirs]);
}

/** Whether this is a checkout, where proofs are kept beside the source that they are of. */
export function hasSource(product: string): boolean {
  return existsSync(join(product, 'core'));
}

/** `yaml` of `yaml`, `@scope/name` of `@scope/name/part`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Exact versions, as package.json has them. */
async function versionsOf(product: string): Promise<ReadonlyMap<string, string>> {
  const { dependencies } = JSON.parse(await readFile(join(product, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return new Map(Object.entries(dependencies));
}

/** A bundle proves the source that it was made from, and no other. */
function complainOfStaleBundle(product: string, paths: readonly string[]): void {
  const bundle = import.meta.filename;
  if (bundle.endsWith('.ts')) return;
  const made = statSync(bundle).mtimeMs;
  const newer = paths.find((it) => statSync(join(product, it)).mtimeMs > made);
  if (newer === undefined) return;
  throw new LabError('usage', `${newer} is newer than the program that runs, which can prove nothing about it`, {
    hint: 'npm run build',
  });
}
