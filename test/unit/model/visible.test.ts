import { expect, test } from 'vitest';

import { formatDiagnostic } from '#core/model/diagnostic.ts';
import { visible } from '#core/model/visible.ts';

test('what a terminal would obey, and what turns others around, is shown', () => {
  expect(visible('a\u001B]0;x\u0007 \u009B31m \r \u202Etxt')).toBe(
    String.raw`a\u001b]0;x\u0007 \u009b31m \u000d \u202etxt`,
  );
  expect(visible('line\n\tnext ✔ é 中')).toBe('line\n\tnext ✔ é 中');
});

test('a complaint stays in its line, whatever its file is called', () => {
  expect(formatDiagnostic({ file: 'a\nb\u001B[31m', line: 1, column: 2, message: '"\u0007" is undefined' })).toBe(
    String.raw`a\u000ab\u001b[31m:1:2 "\u0007" is undefined`,
  );
});
