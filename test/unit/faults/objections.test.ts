import { expect, test } from 'vitest';

import { faults } from '#core/faults/all.ts';
import type { Effect } from '#core/faults/fault.ts';
import { type Ground, objectionTo } from '#core/faults/objections.ts';
import type { CheckKind } from '#core/model/lab.ts';
import type { Finding } from '#core/model/run.ts';
import type { Verdict } from '#core/model/verdict.ts';

const finding = (kind: CheckKind, verdict: Verdict): Finding =>
  ({ check: 'one', kind, verdict, reason: 'so it was' }) as unknown as Finding;

/** Which verdicts are no honest ones. */
function lies(effect: Effect, ground: Ground, kind: CheckKind): Verdict[] {
  return (['pass', 'fail', 'inconclusive', 'error'] as const).filter(
    (verdict) => objectionTo({ effect, title: 'it rains' }, ground, finding(kind, verdict)) !== undefined,
  );
}

test('whoever is blind says neither that it is so nor that it is not', () => {
  for (const kind of ['abuse', 'inspection', 'service'] as const) {
    expect(lies('blind', 'solution', kind)).toEqual(['pass', 'fail']);
    expect(lies('blind', 'start', kind)).toEqual(['pass']);
  }
});

test('a mistake is not mended by what is cut or late, and a solution not broken', () => {
  for (const effect of ['cut', 'slow'] as const)
    for (const kind of ['abuse', 'inspection'] as const) {
      expect(lies(effect, 'start', kind)).toEqual(['pass']);
      expect(lies(effect, 'solution', kind)).toEqual(['fail']);
    }
});

test('a service that is cut off does not work, and says so', () => {
  expect(lies('cut', 'solution', 'service')).toEqual([]);
  expect(lies('slow', 'start', 'service')).toEqual([]);
});

test('the objection says which check, what it said and what was wrong with the network', () => {
  expect(objectionTo({ effect: 'cut', title: 'it rains' }, 'start', finding('abuse', 'pass'))).toBe(
    'one is pass although it rains: so it was',
  );
});

test('each fault has a name of its own', () => {
  expect(new Set(faults.map((it) => it.name)).size).toBe(faults.length);
});
