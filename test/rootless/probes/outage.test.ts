import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('systems/service-separation')), 600_000);
afterAll(async () => lab?.close());

const params = {
  machines: ['mx'],
  from: 'a1',
  services: [
    { label: 'names for customers', node: 'res1', port: 53, question: 'NONCE.remote.example' },
    { label: 'the web', node: 'www', port: 443 },
  ],
};

test('what lives on the same machine goes with it, and nothing else', async () => {
  const { attempts } = await lab.observe('outage', params);
  expect(attempts.map(({ label, sent, succeeded }) => ({ label, sent, succeeded }))).toEqual([
    { label: 'without mx, names for customers', sent: true, succeeded: true },
    { label: 'without mx, names for customers', sent: true, succeeded: true },
    { label: 'without mx, the web', sent: true, succeeded: false },
    { label: 'without mx, the web', sent: true, succeeded: false },
  ]);
});

test('the machine is back afterwards, and nothing of the filter is left', async () => {
  expect(await lab.run('mx', 'nft list tables')).not.toContain('outage');
  expect(await lab.run('a1', 'fping -a 192.0.2.4 2001:db8:0:1::4')).toBe('192.0.2.4\n2001:db8:0:1::4\n');
});

test('a service that did not work before proves nothing', async () => {
  await lab.become('baseline');
  await lab.run('www', 'service nginx stop');
  const { attempts } = await lab.observe('outage', params);
  expect(attempts.map(({ sent, succeeded }) => ({ sent, succeeded }))).toEqual([
    { sent: true, succeeded: false },
    { sent: true, succeeded: false },
    { sent: false, succeeded: false },
    { sent: false, succeeded: false },
  ]);
});
