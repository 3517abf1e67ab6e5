import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { ProbeContext } from '#core/probes/probe.ts';
import { type SenderWatch, watchSenders } from '#core/probes/senders.ts';

import { drawsFrom } from '#core/run/draws.ts';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('filtering/ingress-source')), 600_000);
afterAll(async () => lab?.close());

const remote = { address: '198.51.100.10', protocol: 'tcp' } as const;

function context(): ProbeContext {
  return {
    network: lab.network,
    plan: lab.plan,
    kind: 'abuse',
    draws: drawsFrom(1, 'senders'),
    nonce: randomBytes(8).toString('hex'),
    signal: AbortSignal.timeout(30_000),
    keep: (name) => Promise.resolve(name),
  };
}

async function watching(work: (senders: SenderWatch) => Promise<void>): Promise<void> {
  const senders = await watchSenders(context(), ['ceb'], 'tcp or udp port 33434');
  try {
    await work(senders);
  } finally {
    await senders.stop();
  }
}

test('what a node sends is seen, accepted or refused by the other side, or not answered at all', () =>
  watching(async (senders) => {
    const closed = { ...remote, address: '192.0.2.129', port: 81 };
    const open = { ...remote, port: 53 };
    const nobody = { ...remote, address: '198.51.100.99', port: 53 };
    await lab.run(
      'ceb',
      ['192.0.2.129 81', '198.51.100.10 53', '198.51.100.99 53']
        .map((it) => `ncat -z -w 1 -s 192.0.2.161 ${it} &`)
        .join('\n') + '\nwait',
    );
    await senders.until(() => senders.traffic('ceb', closed).refusals.length > 0);
    expect(senders.traffic('ceb', closed)).toMatchObject({
      conversations: 1,
      connected: 0,
      refusals: [{ by: closed.address, said: 'reset' }],
    });
    expect(senders.traffic('ceb', open)).toMatchObject({ conversations: 1, connected: 1, refusals: [] });
    expect(senders.traffic('ceb', nobody)).toMatchObject({ conversations: 1, connected: 0, refusals: [] });
    expect(senders.traffic('ceb', { ...remote, port: 82 }).left).toBe(0);
    expect((await senders.keep())[0]?.excerpt).toContain('192.0.2.129.81');
  }));

test.each(['192.0.2.51', '2001:db8:0:ffff::51'])('a filter that refuses is heard, of %s', (address) =>
  watching(async (senders) => {
    const target = { address, protocol: 'udp', port: 33434 } as const;
    await lab.run('ceb', `echo x | ncat -u -w 1 ${address} 33434`);
    await senders.until(() => senders.traffic('ceb', target).refusals.length > 0);
    expect(senders.traffic('ceb', target).refusals).toEqual([{ by: address, said: 'port unreachable' }]);
  }),
);

test('a capture that was killed is no silence', () =>
  watching(async (senders) => {
    await lab.run('ceb', 'kill -9 $(pidof tcpdump)');
    await expect(senders.until(() => senders.traffic('ceb', remote).left > 0)).rejects.toThrow('died');
    await expect(senders.keep()).rejects.toThrow('died');
  }));
