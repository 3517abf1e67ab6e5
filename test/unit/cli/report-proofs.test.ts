import { expect, test } from 'vitest';

import type { Proof } from '#core/appliance/proof.ts';
import type { Lab } from '#core/model/lab.ts';
import type { Finding } from '#core/model/run.ts';
import type { Task } from '#core/proofs/select.ts';

import { leftOut } from '../../../cli/report-proofs.ts';

const lab = (id: string): Lab => ({ id, accept: [{ name: 'other' }], reject: [{ name: 'half' }] }) as unknown as Lab;
const proof = (of: string, configuration: string, findings = 1): Proof =>
  ({ lab: of, configuration, findings: Array.from({ length: findings }, () => ({}) as Finding) }) as unknown as Proof;
const task = (name: string, reason: Task['reason']): Task => ({ lab: 'a/one', name, id: 'x', reason, held: undefined });

test('without a record, what the time did not reach is left out', () => {
  const judged = [proof('a/one', 'solution'), proof('a/one', 'start'), proof('a/one', 'accept/other')];
  expect(leftOut([lab('a/one'), lab('a/two')], undefined, judged)).toEqual([
    { lab: 'a/one', configuration: 'reject/half', why: 'time' },
    ...['solution', 'start', 'accept/other', 'reject/half'].map((it) => ({
      lab: 'a/two',
      configuration: it,
      why: 'time',
    })),
  ]);
});

test('of a lab whose network was not complete, that is the reason for the rest', () => {
  const judged = [proof('a/one', 'solution'), proof('a/one', 'start', 0)];
  expect(leftOut([lab('a/one')], undefined, judged).map((it) => it.why)).toEqual(['unready', 'unready']);
});

test('with a record, what holds and what nobody asked for are told apart', () => {
  const selection = {
    tasks: [task('reject/half', 'again'), task('start', 'new')],
    holding: [task('solution', 'again')],
    unproved: [task('accept/other', 'changed')],
  };
  expect(leftOut([lab('a/one')], selection, [proof('a/one', 'reject/half')])).toEqual([
    { lab: 'a/one', configuration: 'start', why: 'time' },
    { lab: 'a/one', configuration: 'accept/other', why: 'unproved' },
    { lab: 'a/one', configuration: 'solution', why: 'holds' },
  ]);
});
