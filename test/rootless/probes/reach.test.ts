import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('filtering/ingress-source')), 600_000);
afterAll(async () => lab?.close());

const params = {
  from: 'ceb',
  to: ['remote'],
  ways: ['echo', 'fragments', 'tcp'],
  port: 53,
  forget: [{ node: 'ceb', interface: 'up0' }],
};

test('hosts reach each other in every way and family', async () => {
  const { attempts } = await lab.observe('reach', params, { kind: 'service' });
  expect(attempts.map(({ label, family, sent, succeeded }) => `${label} ${family} ${sent} ${succeeded}`)).toEqual([
    'ping from ceb to remote v4 true true',
    'ping from ceb to remote v6 true true',
    'ping of 3000 bytes, in fragments, from ceb to remote v4 true true',
    'ping of 3000 bytes, in fragments, from ceb to remote v6 true true',
    'connection to port 53 from ceb to remote v4 true true',
    'connection to port 53 from ceb to remote v6 true true',
  ]);
});

test('what a filter drops on the way does not reach', async () => {
  const rules = [
    'add table inet t',
    'add chain inet t c { type filter hook forward priority -400 ; }',
    'add rule inet t c iifname "to_ceb" meta nfproto ipv6 drop',
    'add rule inet t c iifname "to_ceb" meta length > 1400 drop',
  ];
  await lab.run('pe1', rules.map((rule) => `nft '${rule}'`).join(' && '));
  const { attempts } = await lab.observe('reach', params, { kind: 'service' });
  await lab.run('pe1', 'nft delete table inet t');
  expect(attempts.map(({ sent, succeeded }) => ({ sent, succeeded }))).toEqual(
    [true, false, false, false, true, false].map((succeeded) => ({ sent: true, succeeded })),
  );
});

test('a port where nobody listens is no connection', async () => {
  const { attempts } = await lab.observe('reach', { ...params, ways: ['tcp'], port: 81 }, { kind: 'service' });
  expect(attempts.map((it) => it.seen)).toEqual([
    '198.51.100.10 port 81: no connection',
    '2001:db8:500:1::10 port 81: no connection',
  ]);
});
