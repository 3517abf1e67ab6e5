import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { explainPatch } from '#core/workspace/explain-patch.ts';

const path = 'pe1/etc/nftables.conf';
const line = fc.constantFrom('accept', 'drop', '', 'counter', 'iif "lo" accept');
const text = fc.array(line, { minLength: 1, maxLength: 20 }).map((lines) => lines.map((it) => `${it}\n`).join(''));

test('a patch fits the file it was made from', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after);
      expect(explainPatch(diff, new Map([[path, before]]))).toEqual([]);
    }),
  );
});

test('a patch that fits further down has no problem, since git finds it there', () => {
  const diff = `--- a/${path}\n+++ b/${path}\n@@ -9,3 +9,3 @@\n accept\n-drop\n+reject\n end\n`;
  expect(explainPatch(diff, new Map([[path, 'one\ntwo\naccept\ndrop\nend\n']]))).toEqual([]);
});

test('whatever the diff and the file, it answers with places inside the diff', () => {
  fc.assert(
    fc.property(fc.string(), text, (noise, content) => {
      const diff = `--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,2 @@\n accept\n-drop\n+${noise}\n`;
      for (const problem of explainPatch(diff, new Map([[path, content]]))) {
        expect(problem.line).toBeGreaterThanOrEqual(1);
        expect(problem.line).toBeLessThanOrEqual(diff.split('\n').length);
        expect(problem.column).toBeGreaterThanOrEqual(1);
      }
    }),
  );
});
