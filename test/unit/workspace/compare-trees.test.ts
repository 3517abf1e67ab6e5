import { expect, test } from 'vitest';

import { parseChanges } from '#core/workspace/compare-trees.ts';

const a = 'a'.repeat(40);
const zero = '0'.repeat(40);

test('changes are read from the raw form of git, also of names with spaces and line ends', () => {
  const raw = [
    `:000000 100644 ${zero} ${a} A`,
    'pe1/etc/new',
    `:100644 000000 ${a} ${zero} D`,
    'pe1/etc/old name',
    `:100644 120000 ${a} ${a} T`,
    'pe1/etc/link\n',
    `:100644 100755 ${a} ${a} M`,
    'pe1/etc/script',
    '',
  ].join('\0');
  expect(parseChanges(raw)).toEqual([
    { path: 'pe1/etc/new', status: 'added' },
    { path: 'pe1/etc/old name', status: 'deleted' },
    { path: 'pe1/etc/link\n', status: 'modified' },
    { path: 'pe1/etc/script', status: 'modified' },
  ]);
});

test('no difference is no change', () => {
  expect(parseChanges('')).toEqual([]);
});
