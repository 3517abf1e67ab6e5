import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('systems/modern-methods')), 600_000);
afterAll(async () => lab?.close());

const old = { label: 'TLS 1.0', version: 'tls1' };
const current = { label: 'TLS 1.2', version: 'tls1_2' };
const services = [
  { node: 'mx', port: 25, starttls: 'smtp' },
  { node: 'mx', port: 993 },
  { node: 'www', port: 443 },
];

test('a server that takes everything agrees on what is old', async () => {
  const { attempts } = await lab.observe('tls-session', {
    from: 'evil',
    services,
    methods: [old],
    canaries: [current],
  });
  expect(attempts).toHaveLength(12);
  expect(attempts.filter((it) => !it.sent || !it.succeeded).map((it) => it.seen)).toEqual([]);
});

test('a session may be without encryption', async () => {
  const none = { label: 'nothing', version: 'tls1_2', ciphers: 'eNULL' };
  const { attempts } = await lab.observe('tls-session', { from: 'evil', services: services.slice(1), methods: [none] });
  expect(attempts.filter((it) => !it.succeeded).map((it) => it.seen)).toEqual([]);
  expect(attempts[0]?.seen).toMatch(/agreed on TLSv1\.2 with .*NULL/);
});

test('a current server refuses, and is seen to', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('tls-session', {
    from: 'evil',
    services,
    methods: [old],
    canaries: [current],
  });
  expect(attempts.map(({ role, sent, succeeded }) => sent && succeeded === (role === 'canary'))).toEqual(
    Array<boolean>(12).fill(true),
  );
});

test('a service that is gone has refused nothing', async () => {
  await lab.run('www', 'service nginx stop');
  const { attempts } = await lab.observe('tls-session', { from: 'evil', services: services.slice(2), methods: [old] });
  expect(attempts.map((it) => it.sent)).toEqual([false, false]);
});
