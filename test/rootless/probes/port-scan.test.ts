import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('systems/admin-access')), 600_000);
afterAll(async () => lab?.close());

const mx = { node: 'mx', tcp: [25, 143, 465, 587, 993] };

test('what answers beside the services is found from everywhere, over both families', async () => {
  const { attempts } = await lab.observe('port-scan', { from: ['evil', 'a1'], targets: [mx, { node: 'br1' }] });
  expect(attempts.filter((it) => it.succeeded && it.role === 'try').map((it) => `${it.label} ${it.family}`)).toEqual([
    'TCP 22 of mx from evil v4',
    'TCP 22 of mx from evil v6',
    'TCP 22 of mx from a1 v4',
    'TCP 22, 23 of br1 from a1 v4',
    'TCP 22 of mx from a1 v6',
    'TCP 22, 23 of br1 from a1 v6',
  ]);
});

test('a port that nobody would think of is found because somebody listens there', async () => {
  await lab.become('baseline');
  await lab.run('ns1', `nft insert rule inet host input tcp dport 47001 accept`);
  await lab.run('ns1', `setsid ncat -k -l 47001 >/dev/null 2>&1 & sleep 0.3`);
  const { attempts } = await lab.observe('port-scan', {
    from: ['evil'],
    targets: [{ node: 'ns1', tcp: [53], udp: [53] }, mx],
  });
  expect(attempts.filter((it) => it.succeeded && it.role === 'try').map((it) => it.label)).toEqual([
    'TCP 47001 of ns1 from evil',
    'TCP 47001 of ns1 from evil',
  ]);
  expect(attempts.filter((it) => !it.sent)).toEqual([]);
});

test('a service that is not there is missed', async () => {
  const targets = [{ node: 'mx', tcp: [25, 80] }];
  const { attempts } = await lab.observe('port-scan', { from: ['evil'], targets }, { kind: 'service' });
  expect(attempts.map(({ label, succeeded }) => ({ label, succeeded }))).toEqual([
    { label: 'TCP 25, 80 of mx from evil', succeeded: false },
    { label: 'TCP 25, 80 of mx from evil', succeeded: false },
  ]);
});

test('a place without the tool is no place to look from', async () => {
  await lab.run('evil', 'cd /usr/lib/breakwater/attacks && mv scan-ports scan-ports.gone');
  await expect(lab.observe('port-scan', { from: ['evil'], targets: [mx] })).rejects.toThrow('scan-ports on evil');
});
