import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('response/incident-procedures')), 600_000);
afterAll(async () => lab?.close());

const params = {
  from: 'remote',
  certificate: 'https://www.isp.example/security/security.pem',
  to: 'security@isp.example',
  server: 'mx',
  readers: { mx: ['alice', 'bob'] },
  desk: 'noc',
  key: '/etc/desk/security.key',
  own: '/etc/desk/security.pem',
};
const harm = async (): Promise<string[]> => {
  const { attempts } = await lab.observe('encrypted-report', params);
  return attempts.filter((it) => it.succeeded).map((it) => it.label);
};

test('a certificate whose key is lost keeps everybody out, and no answer fits it', async () => {
  expect(await harm()).toEqual([
    'the team cannot open what is encrypted to its own certificate',
    'the reporter cannot tell whether an answer is from the team',
  ]);
});

test('with certificate and key that belong together nothing goes wrong, and nothing is left behind', async () => {
  await lab.become('baseline');
  expect(await harm()).toEqual([]);
  expect(await lab.run('mx', 'find /var/mail/virtual -type f')).toBe('');
});

test('without openssl it is an error, and no verdict', async () => {
  await lab.run('noc', 'mv /usr/bin/openssl /usr/bin/openssl.away');
  await expect(harm()).rejects.toThrow(/openssl/);
});
