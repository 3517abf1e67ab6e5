import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const links = documents.flatMap((document) =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => ({ document, to })),
);

test('the walk sees the documents and their links', () => {
  expect(documents).toContain('README.md');
  expect(documents.length).toBeGreaterThan(6);
  expect(links.length).toBeGreaterThan(15);
});

test('every link inside the repository leads somewhere', () => {
  const dead = links.filter(({ document, to }) => {
    const [path = ''] = to.split('#');
    return !/^https?:/.test(to) && path !== '' && !existsSync(join(root, dirname(document), path));
  });
  expect(dead).toEqual([]);
});

test('every command that the documents show exists', async () => {
  const { commands } = await import('../../../cli/commands/registry.ts');
  const known = commands.map((command) => command({} as never).name());
  const shown = documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/^(?:\$ )?(?:\.\/bin\/)?breakwater ([a-z]+)/gm)].map(
      ([, name = '']) => ({ document, name }),
    ),
  );
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.filter(({ name }) => !known.includes(name))).toEqual([]);
});
