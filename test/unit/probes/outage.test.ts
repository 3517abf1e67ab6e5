import { expect, test } from 'vitest';

import { planUses } from '#core/probes/outage.ts';
import { probes } from '#core/probes/registry.ts';

import { referencePlan } from './reference-plan.ts';

const services = [
  { label: 'mail', node: 'mx', port: 25 },
  { label: 'names', node: 'res1', port: 53, question: 'NONCE.remote.example' },
];

test('every service is used over both families', () => {
  const uses = planUses({ machines: ['mx'], services, from: 'a1' }, referencePlan());
  expect(uses.map(({ service, address }) => `${service.label} ${address}`)).toEqual([
    'mail 192.0.2.4',
    'mail 2001:db8:0:1::4',
    'names 192.0.2.3',
    'names 2001:db8:0:1::3',
  ]);
});

test('a question is a name and nothing that a shell would take for more', () => {
  const params = probes.get('outage')?.params;
  const [service] = services;
  expect(params?.safeParse({ machines: ['mx'], services, from: 'a1' }).success).toBe(true);
  const wrong = [{ ...service, question: 'x;reboot' }];
  expect(params?.safeParse({ machines: ['mx'], services: wrong, from: 'a1' }).success).toBe(false);
});
