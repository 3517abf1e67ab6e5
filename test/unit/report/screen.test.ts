import { expect, test } from 'vitest';

import { clearLine, screenOf } from '#core/report/reporter.ts';

function written(text: string, isTTY: boolean): string {
  let all = '';
  const stream = { isTTY, columns: 80 } as NodeJS.WriteStream;
  screenOf(stream, {}, (part) => (all += part)).write(text);
  return all;
}

test('a terminal gets colours, and nothing else that it would obey', () => {
  const colours = '\u001B[31mred\u001B[39m \u001B[1;32mgit\u001B[m';
  expect(written(colours, true)).toBe(colours);
  expect(written(`${clearLine}  working`, true)).toBe(`${clearLine}  working`);
  const hostile = `✔ pass${clearLine}\u001B[8mhidden\u001B[2J\u001B]52;c;eA==\u0007\u009B5n`;
  for (const obeyed of ['\r', '\u001B', '\u0007', '\u009B']) expect(written(hostile, true)).not.toContain(obeyed);
  expect(written(hostile, true)).toContain(String.raw`\u001b[8mhidden`);
});

test('a pipe gets what there is', () => {
  expect(written('a\u001B[2J\r\n', false)).toBe('a\u001B[2J\r\n');
});
