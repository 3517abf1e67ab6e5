import { expect, test } from 'vitest';

import { dnsQuery, planQuestions } from '#core/probes/dns-query.ts';

import { referencePlan } from './reference-plan.ts';

const plan = (over: object): ReturnType<typeof planQuestions> =>
  planQuestions(
    dnsQuery.params.parse({
      server: 'ns1',
      from: ['evil', 'lg'],
      queries: [{ label: 'a foreign name', name: 'NONCE.probe.remote.example', effect: 'recursion' }],
      ...over,
    }) as Parameters<typeof planQuestions>[0],
    referencePlan(),
    'abc',
  );

test('every place asks over both families and by both transports', () => {
  expect(plan({}).map(({ from, server, transport }) => `${from} ${server} ${transport}`)).toEqual([
    'evil 192.0.2.2 udp',
    'evil 192.0.2.2 tcp',
    'evil 2001:db8:0:1::2 udp',
    'evil 2001:db8:0:1::2 tcp',
    'lg 192.0.2.2 udp',
    'lg 192.0.2.2 tcp',
    'lg 2001:db8:0:1::2 udp',
    'lg 2001:db8:0:1::2 tcp',
  ]);
});

test('a watched name is another for each question, and none is part of another', () => {
  const marks = plan({ from: ['evil', 'lg', 'res1', 'remote'] }).map((it) => it.mark ?? '');
  for (const mark of marks) expect(marks.filter((other) => other.includes(mark))).toEqual([mark]);
});

test('canaries come from the same places', () => {
  const canaries = [{ label: 'ours', name: 'ns1.isp.example', effect: 'authoritative' }];
  const questions = plan({ transports: ['udp'], canaries });
  expect(questions.filter((it) => it.role === 'canary').map(({ from, family }) => `${from} ${family}`)).toEqual([
    'evil v4',
    'evil v6',
    'lg v4',
    'lg v6',
  ]);
});
