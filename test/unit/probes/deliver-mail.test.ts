import { expect, test } from 'vitest';

import { deliverMail } from '#core/probes/deliver-mail.ts';
import { planDeliveries } from '#core/probes/mail/deliveries.ts';

import { referencePlan } from './reference-plan.ts';

const inbound = {
  label: 'in',
  by: 'smtp',
  from: 'remote',
  server: 'mx',
  sender: 'victim@remote.example',
  recipient: 'alice@isp.example',
  arrivesAt: 'mx',
};
const cron = {
  label: 'cron',
  by: 'sendmail',
  from: 'mx',
  sender: 'root@isp.example',
  recipient: 'victim@remote.example',
  arrivesAt: 'remote',
};
const plan = (deliveries: object[], canaries: object[] = []): ReturnType<typeof planDeliveries> => {
  const params = deliverMail.params.parse({ deliveries, canaries }) as Parameters<typeof planDeliveries>[0];
  return planDeliveries(params, referencePlan(), 'nonce');
};

test('a delivery over SMTP is tried over both families, a local one once', () => {
  const planned = plan([inbound, cron]);
  expect(planned.map((it) => it.letter?.family)).toEqual(['v4', 'v6', undefined]);
  expect(planned.map((it) => it.token)).toEqual(['nonce-0', 'nonce-1', 'nonce-2']);
  expect(planned.flatMap((it) => it.letter?.token ?? [])).toEqual(['nonce-0', 'nonce-1']);
});

test('a submission logs in', () => {
  const [first] = plan([{ ...inbound, port: 587, user: 'alice', password: 'secret' }]);
  expect(first?.letter).toMatchObject({ port: 587, login: { user: 'alice', password: 'secret' } });
});

test('every node on the way is needed', () => {
  expect(
    deliverMail.nodes(deliverMail.params.parse({ deliveries: [inbound], canaries: [cron] }), referencePlan()),
  ).toEqual(['remote', 'mx', 'mx', 'mx', 'remote']);
});

test('a login in the clear passes over STARTTLS, and by default nobody does', () => {
  const [careless] = plan([{ ...inbound, tls: false }]);
  const [careful] = plan([inbound]);
  expect([careless?.letter?.inClear, careful?.letter?.inClear]).toEqual([true, false]);
});

test('canaries come after the tries, with tokens of their own', () => {
  const planned = plan([inbound], [cron]);
  expect(planned.map((it) => [it.role, it.token])).toEqual([
    ['try', 'nonce-0'],
    ['try', 'nonce-1'],
    ['canary', 'nonce-2'],
  ]);
});

test('a class writes from each of its addresses, in the name of its own postmaster', () => {
  const planned = plan([{ ...inbound, from: ['co-located', 'customer-links'], sender: 'own' }]);
  expect(planned.filter((it) => it.letter?.family === 'v4').map((it) => [it.letter?.source, it.sender])).toEqual([
    ['192.0.2.65', 'postmaster@colo1.example'],
    ['192.0.2.67', 'postmaster@colo2.example'],
    ['100.64.1.2', 'postmaster@cust-a.example'],
    ['100.64.1.6', 'postmaster@cust-b.example'],
  ]);
  expect(new Set(planned.map((it) => it.label)).size).toBe(planned.length);
});

test('each user submits on each port', () => {
  const users = { alice: 'alice-lab', bob: 'bob-lab' };
  const planned = plan([{ ...inbound, port: [587, 465], users, sender: 'USER@isp.example', until: 'recipient' }]);
  expect(planned.filter((it) => it.letter?.family === 'v6').map((it) => [it.letter?.port, it.sender])).toEqual([
    [587, 'alice@isp.example'],
    [587, 'bob@isp.example'],
    [465, 'alice@isp.example'],
    [465, 'bob@isp.example'],
  ]);
});
