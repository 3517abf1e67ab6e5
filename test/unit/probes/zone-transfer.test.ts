import { expect, test } from 'vitest';

import { gotZone, planTransfers, zoneTransfer } from '#core/probes/zone-transfer.ts';

import { referencePlan } from './reference-plan.ts';

const params = zoneTransfer.params.parse({
  zones: ['isp.example', 'cust-a.example'],
  servers: ['ns1', 'remote'],
  from: ['evil', 'remote'],
  keyOf: 'remote',
}) as Parameters<typeof planTransfers>[0];
const transfers = planTransfers(params, referencePlan(), [{ name: 'k', text: 'hmac-sha256:k:c2VjcmV0' }]);

test('every zone is copied from every server over both families, and no server from itself', () => {
  const copies = transfers.filter((it) => it.type === 'AXFR' && it.key === undefined);
  expect(copies.filter((it) => it.from === 'evil')).toHaveLength(8);
  expect(new Set(copies.filter((it) => it.from === 'remote').map((it) => it.server))).toEqual(
    new Set(['192.0.2.2', '2001:db8:0:1::2']),
  );
});

test('a stolen key is tried from everywhere but the place where it belongs', () => {
  expect(new Set(transfers.filter((it) => it.key !== undefined).map((it) => it.from))).toEqual(new Set(['evil']));
});

test('every server has a canary for every place and family', () => {
  expect(transfers.filter((it) => it.role === 'canary')).toHaveLength(6);
});

test('a lone SOA is not a zone', () => {
  const soa = 'isp.example. 3600 IN SOA ns1.isp.example. hostmaster.isp.example. 1 2 3 4 5';
  const answer = { status: 'NOERROR', flags: [], authority: [] };
  expect(gotZone({ ...answer, answer: [soa] })).toBe(false);
  expect(gotZone({ ...answer, answer: [soa, 'a.isp.example. 1 IN A 192.0.2.1', soa] })).toBe(true);
  expect(gotZone(undefined)).toBe(false);
});
