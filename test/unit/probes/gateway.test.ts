import { expect, test } from 'vitest';

import { attemptOf, questionsAt } from '#core/probes/gateway.ts';
import { customerPorts } from '#core/probes/packets/ports.ts';

import { referencePlan } from './reference-plan.ts';

const plan = referencePlan();
const port = customerPorts(plan).find((it) => it.node === 'ceb')!;
const questions = questionsAt(port, plan, 3);

test('both ends of the link are asked, in both families and in fragments, and a trace is made', () => {
  expect(questions.map((it) => `${it.from} ${it.way} ${it.address}`)).toEqual([
    'ceb echo 100.64.1.5',
    'pe1 echo 100.64.1.6',
    'ceb fragments 100.64.1.5',
    'pe1 fragments 100.64.1.6',
    'ceb trace 192.0.2.2',
    'ceb echo 2001:db8:0:111::1',
    'pe1 echo 2001:db8:0:111::2',
    'ceb fragments 2001:db8:0:111::1',
    'pe1 fragments 2001:db8:0:111::2',
    'ceb trace 2001:db8:0:1::2',
  ]);
});

test.each([
  ['100.64.1.5  0.1 ms', true],
  ['192.0.2.51  0.1 ms', true],
  ['100.64.1.9  0.1 ms', false],
  ['* * *', false],
])('a first hop %s is the gateway: %s', (hop, is) => {
  const trace = questions.find((it) => it.way === 'trace')!;
  expect(attemptOf(trace, `trace 192.0.2.2  ${hop}\n`)).toMatchObject({ sent: true, succeeded: is });
});

test('what was not asked is no silence', () => {
  expect(questions.map((it) => attemptOf(it, '').sent)).not.toContain(true);
});
