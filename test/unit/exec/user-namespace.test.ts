import { expect, test } from 'vitest';

import { parseSubIds } from '#core/exec/user-namespace.ts';

const ann = { uid: 1000, name: 'ann' };

test.each([
  ['by name', 'bob:100000:65536\nann:165536:65536\n', { first: 165_536, count: 65_536 }],
  ['by number', '1000:100000:65536\n', { first: 100_000, count: 65_536 }],
  [
    'the first that is large enough',
    'ann:100000:1000\nann:200000:131072\nann:400000:65536',
    { first: 200_000, count: 131_072 },
  ],
  ['with blanks around', '  ann:100000:65536  \n', { first: 100_000, count: 65_536 }],
  ['not one that is too small', 'ann:100000:65535\n', undefined],
  ['not one of a longer name', 'anna:100000:65536\n', undefined],
  ['not in an empty file', '', undefined],
  ['not in a comment', '# ann:100000:65536\n', undefined],
  ['not without a count', 'ann:100000\n', undefined],
])('finds a range %s', (_title, text, range) => {
  expect(parseSubIds(text, ann)).toEqual(range);
});
