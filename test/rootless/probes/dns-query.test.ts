import { afterAll, beforeAll, expect, test } from 'vitest';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const recursion = {
  server: 'ns1',
  from: ['evil'],
  queries: [{ label: 'a foreign name', name: 'NONCE.probe.remote.example', effect: 'recursion' }],
  canaries: [{ label: 'a name of ours', name: 'ns1.isp.example', effect: 'authoritative' }],
};
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('dns/auth-no-recursion')), 600_000);
afterAll(async () => lab?.close());

test('a server that recurses for strangers is seen answering, and asking others', async () => {
  const { attempts, evidence } = await lab.observe('dns-query', recursion);
  const tries = attempts.filter((it) => it.role === 'try');
  expect(tries.map(({ family, sent, succeeded }) => ({ family, sent, succeeded }))).toEqual([
    { family: 'v4', sent: true, succeeded: true },
    { family: 'v4', sent: true, succeeded: true },
    { family: 'v6', sent: true, succeeded: true },
    { family: 'v6', sent: true, succeeded: true },
  ]);
  for (const { seen } of tries)
    expect(seen).toMatch(/^NOERROR \(qr rd ra\), 1 answer: .*; and it asked others about it$/);
  expect(evidence.map((it) => it.kind)).toEqual(['table', 'pcap']);
});

test('an authoritative server refuses, asks nobody, and answers for its own zone', async () => {
  await lab.become('baseline');
  const { attempts } = await lab.observe('dns-query', recursion);
  expect(attempts.filter((it) => it.role === 'try').map((it) => it.seen)).toEqual(
    Array.from({ length: 4 }, () => 'REFUSED (qr rd), 0 answers'),
  );
  expect(attempts.filter((it) => it.role === 'canary').every((it) => it.succeeded)).toBe(true);
});

test('a question that was heard and not answered was sent, and one that was lost was not', async () => {
  await lab.run(
    'ns1',
    `nft add table inet mute; nft add chain inet mute out '{ type filter hook output priority 0; }'; nft add rule inet mute out udp sport 53 drop`,
  );
  const mute = await lab.observe('dns-query', { ...recursion, transports: ['udp'], canaries: [] });
  expect(mute.attempts.map(({ sent, succeeded }) => ({ sent, succeeded }))).toEqual([
    { sent: true, succeeded: false },
    { sent: true, succeeded: false },
  ]);
  await lab.run('ns1', 'nft delete table inet mute');
  await lab.run(
    'evil',
    `nft add table inet mute; nft add chain inet mute out '{ type filter hook output priority 0; }'; nft add rule inet mute out udp dport 53 drop`,
  );
  const lost = await lab.observe('dns-query', { ...recursion, transports: ['udp'], canaries: [] });
  expect(lost.attempts.map((it) => it.sent)).toEqual([false, false]);
  await lab.run('evil', 'nft delete table inet mute');
});

test('a resolver that has just failed, and remembers it, is asked again', async () => {
  // It fails once, for want of a way out, and would say so for a second more.
  await lab.run('res1', 'rndc flush');
  const ask = `dig +tries=1 +time=15 @192.0.2.3 www.remote.example | sed -n 's/.*status: \\([A-Z]*\\),.*/\\1/p'`;
  await lab.run('res1', 'ip route add unreachable 198.51.100.0/24; ip -6 route add unreachable 2001:db8:500::/40');
  expect((await lab.run('res1', ask)).trim()).toBe('SERVFAIL');
  await lab.run('res1', 'ip route del unreachable 198.51.100.0/24; ip -6 route del unreachable 2001:db8:500::/40');
  const { attempts } = await lab.observe(
    'dns-query',
    { server: 'res1', from: ['res1'], queries: [{ label: 'a name', name: 'www.remote.example', effect: 'resolved' }] },
    { kind: 'service' },
  );
  expect(attempts.map((it) => it.seen).filter((it) => !it.startsWith('NOERROR'))).toEqual([]);
});
