import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const zones = ['isp.example', 'cust-a.example'];
const params = { zones, servers: ['ns1', 'remote'], from: ['evil', 'remote'], keyOf: 'remote' };
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('dns/auth-no-recursion')), 600_000);
afterAll(async () => lab?.close());

test('servers that say nothing of transfers give every zone away', async () => {
  const { attempts } = await lab.observe('zone-transfer', params);
  // By UDP named sends the changes that it has noted, and of a zone without a history no more than its SOA (RFC 1995 §4).
  const byUdp = attempts.filter((it) => it.role === 'try' && it.label.endsWith(', by UDP'));
  expect(attempts.filter((it) => !it.succeeded && !byUdp.includes(it)).map((it) => it.label)).toEqual([]);
  expect(byUdp.filter((it) => it.proof !== 'answered').map((it) => it.label)).toEqual([]);
  expect(String(lab.kept.get('zone-transfers.txt'))).toContain('secret-db.isp.example.');
});

test('the secondary fetches its zones, hears of changes, and serves what the primary has', async () => {
  const serial = await lab.run('ns1', 'dig +short @192.0.2.2 isp.example SOA');
  const { attempts } = await lab.observe(
    'zone-sync',
    { primary: 'ns1', secondary: 'remote', zones },
    { kind: 'service' },
  );
  expect(attempts.filter((it) => !it.succeeded).map((it) => it.seen)).toEqual([]);
  expect(attempts).toHaveLength(7);
  expect(await lab.run('ns1', 'dig +short @192.0.2.2 isp.example SOA')).toBe(serial);
});

test('address and key together open a zone, neither does alone', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('zone-transfer', params);
  expect(attempts.filter((it) => it.role === 'try' && (it.succeeded || !it.sent)).map((it) => it.label)).toEqual([]);
  expect(attempts.filter((it) => it.role === 'canary' && !it.succeeded).map((it) => it.label)).toEqual([]);
  const sync = await lab.observe('zone-sync', { primary: 'ns1', secondary: 'remote', zones }, { kind: 'service' });
  expect(sync.attempts.filter((it) => !it.succeeded).map((it) => it.seen)).toEqual([]);
});

test('a secondary with another key is told of a change, and gets no copy', async () => {
  await lab.run(
    'remote',
    `sed -i 's/secret ".*"/secret "c29tZWJvZHkgZWxzZQ=="/' /etc/bind/named.conf.keys && rndc reload`,
  );
  const { attempts } = await lab.observe(
    'zone-sync',
    { primary: 'ns1', secondary: 'remote', zones },
    { kind: 'service' },
  );
  const failed = attempts.filter((it) => !it.succeeded).map((it) => it.label);
  expect(failed).toEqual(expect.arrayContaining(zones.map((zone) => `remote fetches ${zone} from ns1`)));
  // The signed NOTIFY is refused (NOTAUTH). named repeats it by TCP without a signature, which the address vouches for.
  expect(attempts.find((it) => it.label === 'ns1 announces isp.example to remote')?.seen).toMatch(/rcode 9\b/);
});
