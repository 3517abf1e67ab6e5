import { expect, test } from 'vitest';

import { markLines, readMarks } from '#core/render/template-lines.ts';

const own = 'pe1/etc/x.j2';

test('marks come off again', () => {
  const text = 'one\n  two {{ x }}\n\n{{ y }}';
  const { text: back, lines } = readMarks(markLines(text, own));
  expect(back).toBe(text);
  expect(lines.map((it) => it?.line)).toEqual([1, 2, 2, 4]);
});
