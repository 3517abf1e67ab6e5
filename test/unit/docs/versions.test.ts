import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { productFolder } from '#core/exec/paths.ts';

const root = productFolder();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((it) => it.endsWith(ending))
    .map((it) => join(folder, it));

/** docs/image.md has the versions, and speaks of older ones; measurements and changes are of their day. */
const excepted = new Set(['docs/image.md', 'docs/measurements.md']);
const texts = [
  'README.md',
  'CONTRIBUTING.md',
  'topologies/isp/README.md',
  ...filesBelow('docs', '.md').filter((it) => !excepted.has(it)),
  ...filesBelow('labs', '.md'),
  ...filesBelow('labs', 'lab.yml'),
];

test('no brief and no document names a version of a daemon that the image does not have', () => {
  const rows = [...read('docs/image.md').matchAll(/^\| (\w+) +\| `[\w-]+` *\| ([\d.]+)\w* +\|$/gm)];
  const inImage = new Map(rows.map(([, name = '', version = '']) => [name.toLowerCase(), version]));
  expect(inImage.size).toBeGreaterThan(8);
  expect(texts.length).toBeGreaterThan(60);
  const spoken = new RegExp(`\\b(${[...inImage.keys()].join('|')}) (\\d+(?:\\.\\d+)+)`, 'gi');
  const wrong = texts.flatMap((file) =>
    [...read(file).matchAll(spoken)]
      .filter(([, name = '', version = '']) => !`${inImage.get(name.toLowerCase())}.`.startsWith(`${version}.`))
      .map(([said]) => `${file}: ${said}`),
  );
  expect(wrong).toEqual([]);
});
