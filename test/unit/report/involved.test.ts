import { expect, test } from 'vitest';

import type { Attempt } from '#core/model/observation.ts';
import { nodesOf } from '#core/report/html/involved.ts';
import { samplePlan } from '../../golden/report/sample-plan.ts';
import { sampleRun } from '../../golden/report/sample-run.ts';

const attempt: Attempt = {
  label: 'a letter',
  role: 'try',
  from: 'evil',
  to: 'a1',
  sent: true,
  succeeded: false,
  seen: 'nothing',
  repeat: '',
};

test.each([
  ['a1', ['a1', 'evil']],
  ['192.0.2.130', ['a1', 'evil']],
  ['192.0.2.130 port 25', ['a1', 'evil']],
  ['someone@cust-a.example by 2001:db8:a:1::130 port 587', ['a1', 'evil']],
  ['http://[2001:db8:a:1::130]/', ['a1', 'evil']],
  ['ixp', ['br1', 'evil', 'peer1']],
  ['nobody.example', ['evil']],
])('an attempt towards %s involves %j', (to, nodes) => {
  const [lab] = sampleRun.labs;
  const [finding] = lab?.findings ?? [];
  if (lab === undefined || finding === undefined) throw new Error('the sample has no finding');
  const run = {
    ...sampleRun,
    labs: [{ ...lab, findings: [{ ...finding, attempts: [{ ...attempt, to }] }], afterRestart: [] }],
  };
  expect([...nodesOf(run, samplePlan)].toSorted()).toEqual(nodes);
});
