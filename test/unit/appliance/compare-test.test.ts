import { expect, test } from 'vitest';

import { differencesOf } from '#core/appliance/compare-test.ts';
import type { Finding } from '#core/model/run.ts';
import type { Verdict } from '#core/model/verdict.ts';

const findings = (verdicts: Readonly<Record<string, Verdict>>): Finding[] =>
  Object.entries(verdicts).map(([check, verdict]): Finding => ({
    lab: 'mail/open-relay',
    check,
    control: 'mail/open-relay',
    kind: 'abuse',
    layer: 'service',
    title: check,
    probe: 'x',
    verdict,
    reason: 'because',
    attempts: [],
    evidence: [],
    durationMs: 1,
  }));

test('both agree where each check has the same verdict, whatever that is and in any order', () => {
  const proof = { findings: findings({ one: 'pass', two: 'fail', three: 'inconclusive' }) };
  expect(differencesOf(proof, findings({ three: 'inconclusive', two: 'fail', one: 'pass' }))).toEqual([]);
});

test('another verdict differs, and so does a check that one of them did not ask', () => {
  expect(differencesOf({ findings: findings({ one: 'pass', two: 'fail' }) }, findings({ one: 'fail' }))).toEqual([
    { check: 'one', verify: 'pass', test: 'fail' },
    { check: 'two', verify: 'fail', test: undefined },
  ]);
  expect(differencesOf(undefined, findings({ one: 'pass' }))).toEqual([
    { check: 'one', verify: undefined, test: 'pass' },
  ]);
});
