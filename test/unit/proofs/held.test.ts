import { expect, test } from 'vitest';

import { parseHeld } from '#core/load/load-held.ts';
import { DiagnosticsError } from '#core/model/errors.ts';
import { formatHeld, type Held, type HeldProofs, withResult } from '#core/proofs/held.ts';

const one: Held = { id: '0123456789abcdef', on: '2026-11-30' };
const other: Held = { id: 'fedcba9876543210', on: '2026-11-29' };
const configurations = ['solution', 'start', 'accept/a'];

test('a proof is a line, sorted, and is read as it was written', () => {
  const held: HeldProofs = new Map([
    ['start', other],
    ['accept/a', one],
  ]);
  const text = formatHeld(held);
  expect(text).toBe(`{
  "schema": "breakwater.proofs/1",
  "held": {
    "accept/a": { "id": "0123456789abcdef", "on": "2026-11-30" },
    "start": { "id": "fedcba9876543210", "on": "2026-11-29" }
  }
}
`);
  expect(new Map([...parseHeld('x.json', text)].toReversed())).toEqual(held);
  expect(parseHeld('x.json', formatHeld(new Map()))).toEqual(new Map());
});

test('what held is written down, what did not is taken out', () => {
  const held: HeldProofs = new Map([['start', other]]);
  expect([...withResult(held, { name: 'start', result: one, current: configurations })]).toEqual([['start', one]]);
  expect([...withResult(held, { name: 'start', result: undefined, current: configurations })]).toEqual([]);
  expect([...withResult(held, { name: 'solution', result: undefined, current: configurations })]).toEqual([
    ['start', other],
  ]);
});

test('configurations that are gone go, and proofs of other kinds stay', () => {
  const held: HeldProofs = new Map([
    ['reject/gone', one],
    ['mutant/0123456789abcdef', one],
    ['start', other],
  ]);
  expect([...withResult(held, { name: 'accept/a', result: one, current: configurations })]).toEqual([
    ['mutant/0123456789abcdef', one],
    ['start', other],
    ['accept/a', one],
  ]);
});

test.each([
  ['a merge that nobody ended', '<<<<<<< HEAD\n{}\n', 1],
  [
    'no id',
    '{\n  "schema": "breakwater.proofs/1",\n  "held": { "start": { "id": "0123", "on": "2026-11-30" } }\n}\n',
    3,
  ],
  [
    'no day',
    '{\n  "schema": "breakwater.proofs/1",\n  "held": {\n    "start": { "id": "0123456789abcdef", "on": "2026-02-30" }\n  }\n}\n',
    4,
  ],
  ['another schema', '{\n  "schema": "breakwater.proofs/2",\n  "held": {}\n}\n', 2],
])('%s is told with its place and what to do', (_, text, line) => {
  const read = (): unknown => parseHeld('proofs/mail/one.json', text);
  expect(read).toThrow(DiagnosticsError);
  try {
    read();
  } catch (error) {
    const [first] = (error as DiagnosticsError).diagnostics;
    expect(first).toMatchObject({
      file: 'proofs/mail/one.json',
      line,
      hint: expect.stringContaining('delete the file'),
    });
  }
});
