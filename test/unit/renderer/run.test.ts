import { expect, test } from 'vitest';

import type { Finding, RunEvent } from '#core/model/run.ts';
import { fold, type LabRun } from '../../../renderer/state/run.ts';

const lab = 'filtering/ingress-source';
const planned = ['first', 'second'].map((id) => ({ id, kind: 'abuse' as const, title: id }));

function finding(check: string, verdict: Finding['verdict']): Finding {
  return {
    lab,
    check,
    control: lab,
    kind: 'abuse',
    layer: 'service',
    title: check,
    probe: 'reach',
    verdict,
    reason: '',
    attempts: [],
    evidence: [],
    durationMs: 1,
  };
}

function after(...events: readonly RunEvent[]): LabRun | undefined {
  return events.reduce<Readonly<Record<string, LabRun>>>((labs, event) => fold(labs, event, 'a run'), {})[lab];
}

const begun: RunEvent = { type: 'lab.started', lab, title: '', phase: 'now', checks: planned };
const judged = (check: string, verdict: Finding['verdict']): RunEvent => ({
  type: 'check.judged',
  phase: 'now',
  finding: finding(check, verdict),
});

test('checks wait, run and are judged one by one', () => {
  const view = after(begun, { type: 'check.started', lab, check: 'first', phase: 'now' });
  expect(view?.checks.map((it) => it.state)).toEqual(['running', 'waiting']);
  expect(after(begun, judged('first', 'fail'))?.checks.map((it) => it.state)).toEqual(['judged', 'waiting']);
});

test('the second look keeps what the first one found', () => {
  const view = after(
    begun,
    judged('first', 'pass'),
    judged('second', 'pass'),
    { type: 'lab.started', lab, title: '', phase: 'restarted', checks: planned },
    { type: 'check.judged', phase: 'restarted', finding: finding('first', 'fail') },
  );
  expect(view?.checks.map((it) => [it.finding?.verdict, it.again?.verdict])).toEqual([
    ['pass', 'fail'],
    ['pass', undefined],
  ]);
});

test('a run of one check leaves what is known of the others', () => {
  const view = after(
    begun,
    judged('first', 'fail'),
    judged('second', 'fail'),
    { type: 'lab.started', lab, title: '', phase: 'now', checks: planned.slice(1) },
    judged('second', 'pass'),
  );
  expect(Object.fromEntries(view?.checks.map((it) => [it.id, it.finding?.verdict]) ?? [])).toEqual({
    first: 'fail',
    second: 'pass',
  });
});

test('what happens in a lab that was not begun changes nothing', () => {
  expect(after(judged('first', 'fail'))).toBeUndefined();
});
