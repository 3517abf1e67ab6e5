import { expect, test } from 'vitest';

import { catchersOf, objectionsTo, refusalsUnder } from '#core/appliance/expectation.ts';
import { type Proof, shardOf, verificationOf } from '#core/appliance/proof.ts';
import type { DaemonDiagnostic } from '#core/model/daemon-diagnostic.ts';
import type { CheckKind, Lab, LabPatch } from '#core/model/lab.ts';
import type { Finding } from '#core/model/run.ts';
import type { Verdict } from '#core/model/verdict.ts';

const finding = (check: string, kind: CheckKind, verdict: Verdict): Finding => ({
  lab: 'mail/open-relay',
  check,
  control: 'mail/open-relay',
  kind,
  layer: 'service',
  title: check,
  probe: 'x',
  verdict,
  reason: 'because',
  attempts: [],
  evidence: [],
  durationMs: 1,
});
const findings = (attack: Verdict, service: Verdict): Finding[] => [
  finding('attack', 'abuse', attack),
  finding('mail', 'service', service),
];

test('a sound configuration passes everything', () => {
  expect(objectionsTo({ kind: 'sound' }, findings('pass', 'pass'))).toEqual([]);
  expect(objectionsTo({ kind: 'sound' }, findings('inconclusive', 'pass'))).toEqual([
    'attack is inconclusive, expected pass: because',
  ]);
});

test('a broken one fails every attack and serves', () => {
  expect(objectionsTo({ kind: 'broken' }, findings('fail', 'pass'))).toEqual([]);
  expect(objectionsTo({ kind: 'broken' }, findings('pass', 'fail'))).toEqual([
    'attack is pass, expected fail: because',
    'mail is fail, expected pass: because',
  ]);
});

test('a wrong fix is caught by a check that it names, and by no other', () => {
  const by = ['mail'];
  expect(objectionsTo({ kind: 'caught', by }, findings('pass', 'fail'))).toEqual([]);
  expect(objectionsTo({ kind: 'caught', by }, findings('fail', 'pass'))).toEqual([
    'only attack caught it, and its header does not say so',
    'mail is pass, expected fail: because',
  ]);
  expect(objectionsTo({ kind: 'caught', by }, findings('pass', 'pass'))).toEqual([
    'mail is pass, expected fail: because',
  ]);
});

test('what a daemon does not take makes a right fix none, and a warning does not', () => {
  const refused: DaemonDiagnostic = { node: 'ns1', daemon: 'named', severity: 'refused', message: 'unknown option' };
  const warned: DaemonDiagnostic = { ...refused, severity: 'warning' };
  expect(refusalsUnder({ kind: 'sound' }, [warned, refused])).toEqual([
    'ns1: named on ns1 did not take this: unknown option',
  ]);
  expect(refusalsUnder({ kind: 'broken' }, [warned])).toEqual([]);
  expect(refusalsUnder({ kind: 'caught', by: [] }, [refused])).toEqual([]);
});

test('who catches a wrong fix is told: those whom the header names, and others', () => {
  const by = ['mail'];
  const expectation = { kind: 'caught', by } as const;
  expect(catchersOf({ expectation, findings: findings('fail', 'fail') })).toEqual({
    named: ['mail'],
    others: ['attack'],
  });
  expect(catchersOf({ expectation: { kind: 'sound' }, findings: findings('fail', 'fail') })).toBeUndefined();
  const proof = (configuration: string, of: Finding[]): Proof => ({
    lab: 'mail/open-relay',
    configuration,
    title: 'x',
    expectation,
    findings: of,
    objections: objectionsTo(expectation, of),
    firstObjections: [],
    folder: undefined,
    unclean: [],
    durationMs: 1,
  });
  const said = verificationOf([
    proof('reject/a', findings('pass', 'fail')),
    proof('reject/b', findings('fail', 'pass')),
    proof('reject/c', findings('fail', 'fail')),
    proof('reject/d', findings('pass', 'pass')),
  ]);
  expect(said.onlyNamed).toEqual(['mail/open-relay reject/a']);
  expect(said.onlyOthers).toEqual(['mail/open-relay reject/b']);
  expect(said.configurations.map((it) => it.holds)).toEqual([true, false, true, false]);
  expect(said.configurations[2]).toMatchObject({
    verdicts: { attack: 'fail', mail: 'fail' },
    caughtBy: { named: ['mail'], others: ['attack'] },
  });
});

test('an error catches nothing: what could not be measured was not found', () => {
  expect(objectionsTo({ kind: 'caught', by: ['mail'] }, findings('fail', 'error'))).not.toEqual([]);
  expect(objectionsTo({ kind: 'broken' }, findings('error', 'pass'))).not.toEqual([]);
});

test('parts of the labs cost about the same, and every lab is in one of them', () => {
  const patches = (count: number): Lab['reject'] => Array.from({ length: count }, () => ({}) as LabPatch);
  const labs = [20, 3, 9, 8, 2, 1].map(
    (count, index) => ({ id: `a/${index}`, accept: [], reject: patches(count) }) as unknown as Lab,
  );
  const parts = [1, 2, 3].map((index) => shardOf(labs, { index, count: 3 }).map((it) => it.id));
  expect(parts).toEqual([['a/0'], ['a/2', 'a/4', 'a/5'], ['a/3', 'a/1']]);
});
