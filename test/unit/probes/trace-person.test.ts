import { expect, test } from 'vitest';

import type { Plan } from '#core/model/plan.ts';
import { isTold, type Use } from '#core/probes/personal/person.ts';
import { missingStores, undeclaredPlaces } from '#core/probes/trace-person.ts';

import { referencePlan } from './reference-plan.ts';

const stores = [
  { machine: 'www', path: '/var/log/access.log' },
  { machine: 'radius', path: '/var/log/radacct' },
];

test('a file with a trace that the register does not have is a fault, and so is an entry without a file', () => {
  const traces = ['/var/log/access.log.1', '/var/cache/questions'].map((path) => ({
    machine: 'www',
    path,
    lines: ['x'],
  }));
  expect(undeclaredPlaces(traces, stores).map((it) => it.wrong)).toEqual([false, true]);
  expect(missingStores(stores, new Set(['www:/var/log/access.log']), ['www']).map((it) => [it.wrong, it.seen])).toEqual(
    [
      [false, 'it is there'],
      [true, 'no machine has that name'],
    ],
  );
});

test('an address beside the trace tells who it was; another one, or none, does not', () => {
  const plan: Plan = referencePlan();
  const use = (kind: Use['kind'], family: Use['family'] = 'v4'): Use => ({
    kind,
    family,
    from: 'a1',
    token: 'n0nce-x',
    label: '',
    to: '',
    worked: true,
    seen: '',
    repeat: '',
  });
  const line = (address: string): string[] => [`${address} - - [25/Nov/2026] "GET /?n0nce-x HTTP/1.1" 200`];
  expect(isTold(use('visit'), line('192.0.2.130'), plan)).toBe(true);
  expect(isTold(use('visit', 'v6'), line('2001:db8:a:1::130'), plan)).toBe(true);
  expect(isTold(use('visit'), line('192.0.2.13'), plan)).toBe(false);
  expect(isTold(use('visit'), line('-'), plan)).toBe(false);
  const log = [
    'mx postfix/smtpd[1]: 4ABCDEF012: client=mail.cust-a.example[192.0.2.130]:4711',
    'mx postfix/cleanup[2]: 4ABCDEF012: message-id=<n0nce-x@breakwater.example>',
  ];
  expect(isTold(use('letter'), log, plan)).toBe(true);
  expect(isTold(use('letter'), log.slice(1), plan)).toBe(false);
});
