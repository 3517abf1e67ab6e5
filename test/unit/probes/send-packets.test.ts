import { describe, expect, test } from 'vitest';

import { countOf, nextHop, planPackets } from '#core/probes/send-packets.ts';

import { referencePlan } from './reference-plan.ts';

const plan = referencePlan();
const params = {
  from: 'ceb',
  interface: 'up0',
  to: 'remote',
  protocol: 'udp' as const,
  port: 9,
  count: 3,
  sources: [
    { label: 'the resolver', node: 'res1', addresses: [] },
    { label: 'private space', addresses: ['10.9.9.9', 'fd00::9'] },
  ],
};

describe('the packets of a plan', () => {
  const packets = planPackets(params, plan, 'nonce');

  test('have the addresses of nodes and those that no node has, in both families', () => {
    expect(packets.filter((it) => it.role === 'try').map((it) => [it.source, it.destination])).toEqual([
      ['192.0.2.3', '198.51.100.10'],
      ['2001:db8:0:1::3', '2001:db8:500:1::10'],
      ['10.9.9.9', '198.51.100.10'],
      ['fd00::9', '2001:db8:500:1::10'],
    ]);
  });

  test('end with canaries from the sender itself, so that their arrival closes the wait', () => {
    expect(packets.slice(-2).map((it) => [it.role, it.source])).toEqual([
      ['canary', '192.0.2.161'],
      ['canary', '2001:db8:b::1'],
    ]);
  });

  test('have markers of which none is the beginning of another', () => {
    const many = planPackets(
      { ...params, sources: Array.from({ length: 12 }, () => params.sources[0]!) },
      plan,
      'nonce',
    );
    const markers = many.map((it) => it.marker);
    expect(markers.some((it) => markers.some((other) => other !== it && other.startsWith(it)))).toBe(false);
  });

  test('go where the check says, and their canaries to a node, in the one family of that destination', () => {
    const smurf = { ...params, destination: '192.0.2.143', canaryTo: 'a1', sources: params.sources.slice(0, 1) };
    expect(planPackets(smurf, plan, 'nonce').map((it) => [it.role, it.source, it.destination])).toEqual([
      ['try', '192.0.2.3', '192.0.2.143'],
      ['canary', '192.0.2.161', '192.0.2.130'],
    ]);
  });

  test('are tries alone where a service check wants no canaries', () => {
    expect(planPackets({ ...params, canaries: [] }, plan, 'nonce').every((it) => it.role === 'try')).toBe(true);
  });
});

describe('the next hop', () => {
  test('is the other end of a link', () => {
    expect(nextHop({ from: 'ceb', interface: 'up0' }, plan, 'v4')).toBe('100.64.1.5');
    expect(nextHop({ from: 'ceb', interface: 'up0' }, plan, 'v6')).toBe('2001:db8:0:111::1');
  });

  test('is the node that was named, on a segment', () => {
    expect(nextHop({ from: 'a2', interface: 'eth0', via: 'cea' }, plan, 'v4')).toBe('192.0.2.129');
  });

  test('has to be named on a segment', () => {
    expect(() => nextHop({ from: 'a2', interface: 'eth0' }, plan, 'v4')).toThrow(
      'the plan has no v4 next hop of a2 on eth0',
    );
  });
});

test('packets are counted by their marker, wherever it stands in the frame', () => {
  expect(countOf('n-1;', [Buffer.from('…n-1;'), Buffer.from('n-12;'), Buffer.from('headers n-1; padding')])).toBe(2);
});
