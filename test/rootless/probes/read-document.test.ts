import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Observation } from '#core/model/observation.ts';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => {
  lab = await openLabNetwork('response/contact-pages');
  await lab.become('baseline');
}, 600_000);
afterAll(async () => lab?.close());

const rules = [
  { label: 'contact', at: 'Contact.**', mail: { readers: { mx: ['alice', 'bob'] } } },
  { label: 'expiry', at: 'Expires', date: { earliest: 1, latest: 365 } },
  { label: 'links', at: '', links: true },
];
const read = async (more: object = {}, kind: 'inspection' | 'service' = 'inspection'): Promise<Observation> =>
  lab.observe(
    'read-document',
    {
      from: ['remote', 'a1'],
      url: 'https://www.isp.example/.well-known/security.txt',
      type: 'text/plain',
      format: 'security-txt',
      today: '2026-11-25',
      expect: rules,
      ...more,
    },
    { kind },
  );
const through = ({ attempts }: Observation): string[] =>
  attempts.filter((it) => it.role === 'try' && it.succeeded).map((it) => it.label);

test('in a sound document nothing misleads, everybody reads it, and a service check finds the same', async () => {
  const abuse = await read();
  expect(through(abuse)).toEqual([]);
  expect(abuse.attempts.filter((it) => it.role === 'canary').map((it) => it.succeeded)).toEqual(Array(4).fill(true));
  expect(through(await read({}, 'service'))).toHaveLength(8);
});

test('letters to its contacts are taken away again', async () => {
  expect(await lab.run('mx', 'find /var/mail/virtual -type f')).toBe('');
});

test('what is wrong is said in the words of the rule', async () => {
  await lab.run(
    'www',
    'cd /etc/www/.well-known && cp security.txt /tmp/s && sed -i "s/security@/nobody@/; s/2027/2029/" security.txt',
  );
  expect(through(await read())).toEqual(['contact', 'expiry']);
  await lab.run('www', 'cp /tmp/s /etc/www/.well-known/security.txt');
});

test('a document that is not there misleads, and so does one that nobody gets to read', async () => {
  expect(through(await read({ url: 'https://www.isp.example/nowhere.txt' }))).toContain('expiry');
  await lab.run('www', 'service nginx stop');
  expect(through(await read())).toEqual(expect.arrayContaining(['contact', 'expiry', 'links']));
});

test('without curl it is an error, and no verdict', async () => {
  await lab.run('remote', 'mv /usr/bin/curl /usr/bin/curl.away');
  await expect(read()).rejects.toThrow(/curl/);
});
