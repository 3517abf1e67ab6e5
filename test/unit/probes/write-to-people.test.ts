import { expect, test } from 'vitest';

import { planWritings, writeToPeople } from '#core/probes/write-to-people.ts';

import { referencePlan } from './reference-plan.ts';

const params = {
  server: 'mx',
  to: ['abuse@isp.example', 'postmaster'],
  writers: [
    { label: 'a victim complains', from: 'remote', sender: 'victim@remote.example', text: 'spam' },
    { label: 'a server returns mail', from: 'remote', sender: '' },
  ],
  readers: { mx: ['alice', 'bob'] },
  canary: 'alice@isp.example',
};
const plan = (): ReturnType<typeof planWritings> =>
  planWritings(writeToPeople.params.parse(params) as Parameters<typeof planWritings>[0]);

test('everybody writes to every address, and once to a person by name', () => {
  expect(plan().map((it) => `${it.role} ${it.sender} ${it.recipient}`)).toEqual([
    'try victim@remote.example abuse@isp.example',
    'try victim@remote.example postmaster',
    'try  abuse@isp.example',
    'try  postmaster',
    'canary victim@remote.example alice@isp.example',
  ]);
});

test('every node on the way is needed', () => {
  expect(new Set(writeToPeople.nodes(writeToPeople.params.parse(params), referencePlan()))).toEqual(
    new Set(['mx', 'remote']),
  );
});
