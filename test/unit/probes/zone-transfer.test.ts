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
  const copies = transfers.filter((it) => it.role === 'try' && it.transport === 'tcp' && it.key === undefined);
  const evil = copies.filter((it) => it.from === 'evil');
  expect(evil).toHaveLength(8);
  expect(new Set(evil.map((it) => it.type))).toEqual(new Set(['AXFR', 'IXFR=1']));
  expect(new Set(copies.filter((it) => it.from === 'remote').map((it) => it.server))).toEqual(
    new Set(['192.0.2.2', '2001:db8:0:1::2']),
  );
});

test('a stolen key is tried from everywhere but the place where it belongs', () => {
  expect(new Set(transfers.filter((it) => it.key !== undefined).map((it) => it.from))).toEqual(new Set(['evil']));
});

test('every server has a canary by each transport for every place and family that may ask', () => {
  expect(transfers.filter((it) => it.role === 'canary')).toHaveLength(12);
  const more = planTransfers({ ...params, strangers: ['neighbours'] }, referencePlan(), []);
  expect(more.filter((it) => it.role === 'canary')).toHaveLength(12);
  expect(new Set(more.map((it) => it.from))).toEqual(new Set(['evil', 'remote', 'transit', 'peer1']));
});

test('a server may have tries of its own, from every address of a class that has a route to it', () => {
  const own = planTransfers(
    { ...params, servers: [{ node: 'ns1', from: ['customer-links', 'neighbours'] }] },
    referencePlan(),
    [],
  );
  const sources = new Set(own.map((it) => it.source));
  expect(sources).toContain('100.64.1.6');
  expect(sources).toContain('100.64.50.2');
  expect(sources).not.toContain('100.64.1.10');
});

test('a lone SOA is not a zone', () => {
  const soa = 'isp.example. 3600 IN SOA ns1.isp.example. hostmaster.isp.example. 1 2 3 4 5';
  const answer = { status: 'NOERROR', flags: [], authority: [] };
  expect(gotZone({ ...answer, answer: [soa] })).toBe(false);
  expect(gotZone({ ...answer, answer: [soa, 'a.isp.example. 1 IN A 192.0.2.1', soa] })).toBe(true);
  expect(gotZone(undefined)).toBe(false);
});
