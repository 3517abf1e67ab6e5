import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Attempt } from '#core/model/observation.ts';

import { type LabNetwork, openLabNetwork } from './lab-network.ts';

const params = {
  from: 'ceb',
  interface: 'up0',
  to: 'remote',
  sources: [
    { label: 'the resolver', node: 'res1' },
    { label: 'private space', addresses: ['10.9.9.9', 'fd00::9'] },
  ],
};
let lab: LabNetwork;
beforeAll(async () => void (lab = await openLabNetwork('filtering/ingress-source')), 600_000);
afterAll(async () => lab?.close());

const facts = (attempts: readonly Attempt[]): string[] =>
  attempts.map(
    ({ role, family, sent, succeeded }) =>
      `${role} ${family} ${sent ? 'left' : 'stayed'}, ${succeeded ? 'arrived' : 'lost'}`,
  );

describe('without a filter', () => {
  test.each(['udp', 'tcp', 'icmp'])('forged %s packets arrive in both families', async (protocol) => {
    const { attempts } = await lab.observe('send-packets', { ...params, protocol, port: 9 });
    expect(facts(attempts)).toEqual([
      'try v4 left, arrived',
      'try v6 left, arrived',
      'try v4 left, arrived',
      'try v6 left, arrived',
      'canary v4 left, arrived',
      'canary v6 left, arrived',
    ]);
  });

  test('none of a burst of several hundred packets is missed', async () => {
    const addresses = Array.from({ length: 40 }, (_, index) => `10.9.9.${index + 1}`);
    const { attempts } = await lab.observe('send-packets', {
      ...params,
      count: 10,
      sources: [{ label: 'many', addresses }],
    });
    expect(attempts.filter((it) => !it.seen.startsWith('10 of 10 packets left ceb, 10 arrived'))).toEqual([]);
  });

  test('what hosts answer to a forged ping arrives at the one whose name was forged', async () => {
    const remote = { label: 'remote', node: 'remote' };
    const { attempts } = await lab.observe('send-packets', {
      ...params,
      protocol: 'icmp',
      destination: '192.0.2.130',
      sources: [remote],
      canaryTo: 'colo2',
      canaries: [remote],
    });
    expect(facts(attempts)).toEqual(['try v4 left, arrived', 'canary v4 left, arrived']);
    expect(attempts[0]?.seen).toBe('3 of 3 packets left ceb, 3 arrived on the wire of remote');
  });
});

describe('behind a filter', () => {
  beforeAll(() => lab.become('baseline'));

  test('forged packets leave and do not arrive, their canaries do', async () => {
    const { attempts } = await lab.observe('send-packets', params);
    expect(facts(attempts)).toEqual([
      'try v4 left, lost',
      'try v6 left, lost',
      'try v4 left, lost',
      'try v6 left, lost',
      'canary v4 left, arrived',
      'canary v6 left, arrived',
    ]);
  });

  test('a broadcast to a LAN is looked for on the LAN, and its canary goes to a host there', async () => {
    const { attempts } = await lab.observe('send-packets', {
      ...params,
      to: 'a1',
      destination: '192.0.2.143',
      sources: [{ label: 'its own', node: 'ceb' }],
    });
    expect(facts(attempts)).toEqual(['try v4 left, lost', 'canary v4 left, arrived']);
  });
});
