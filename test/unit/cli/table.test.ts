import { expect, test } from 'vitest';

import { formatTable } from '../../../cli/table.ts';

test('columns stand below each other, and no line ends in blanks', () => {
  expect(
    formatTable(
      ['NAME', 'LAB', 'WHY'],
      [
        ['isp', '', 'a reason that is long'],
        ['a-long-name', 'mail/open-relay', ''],
      ],
    ),
  ).toBe(
    [
      'NAME         LAB              WHY',
      'isp                           a reason that is long',
      'a-long-name  mail/open-relay',
    ].join('\n'),
  );
});

test('a table without rows is its header', () => {
  expect(formatTable(['NAME', 'LAB'], [])).toBe('NAME  LAB');
});
