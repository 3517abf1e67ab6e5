import { describe, expect, test } from 'vitest';

import { protocols } from '#core/probes/packet.ts';
import { trafficTo } from '#core/probes/senders.ts';

import { cooked, icmpError, ip, tcp, udp } from './packets.ts';

const own = '198.51.100.66';
const mx = '192.0.2.4';
const smtp = { address: mx, protocol: 'tcp', port: 25 } as const;
const syn = (port: number): Buffer => ip(own, mx, protocols.tcp, tcp(port, 25, 0x02));
const answer = (port: number, flags: number): Buffer => cooked('in', ip(mx, own, protocols.tcp, tcp(25, port, flags)));

describe('what a node sends', () => {
  test('is counted when it left, and not when it came or was overheard', () => {
    const frames = [cooked('out', syn(1)), cooked('in', syn(2)), cooked('elsewhere', syn(3))];
    expect(trafficTo(smtp, frames)).toEqual({ left: 1, conversations: 1, connected: 0, refusals: [] });
  });

  test('is told apart by address, protocol, port and what it carries', () => {
    const frames = [
      cooked('out', ip(own, mx, protocols.udp, udp(1, 25, 'q1xabc'))),
      cooked('out', ip(own, mx, protocols.udp, udp(2, 26, 'q2xabc'))),
      cooked('out', ip(own, '192.0.2.5', protocols.udp, udp(3, 25, 'q3xabc'))),
    ];
    expect(trafficTo({ address: mx }, frames).left).toBe(2);
    expect(trafficTo({ address: mx, protocol: 'udp', port: 25 }, frames).left).toBe(1);
    expect(trafficTo({ address: mx, protocol: 'tcp' }, frames).left).toBe(0);
    expect(trafficTo({ address: mx, carrying: 'q2x' }, frames).left).toBe(1);
  });

  test('belongs to as many tries as there are source ports', () => {
    expect(
      trafficTo(
        smtp,
        [syn(1), syn(1), syn(2)].map((it) => cooked('out', it)),
      ).conversations,
    ).toBe(2);
  });

  test('to an address of IPv6 is found in any spelling', () => {
    const packet = ip('2001:db8:b::1', '2001:db8::4', protocols.tcp, tcp(1, 25, 2));
    expect(trafficTo({ address: '2001:DB8:0:0::4' }, [cooked('out', packet)]).left).toBe(1);
  });
});

describe('a refusal', () => {
  test('is a reset in place of an acceptance', () => {
    expect(trafficTo(smtp, [cooked('out', syn(1)), answer(1, 0x14)]).refusals).toEqual([{ by: mx, said: 'reset' }]);
  });

  test('is no reset of a conversation that was accepted', () => {
    const frames = [cooked('out', syn(1)), answer(1, 0x12), answer(1, 0x14)];
    expect(trafficTo(smtp, frames)).toMatchObject({ connected: 1, refusals: [] });
  });

  test('is a filter that says so on the way, in both families', () => {
    const prohibited = icmpError(3, 13, syn(1).subarray(0, 28));
    expect(
      trafficTo(smtp, [cooked('out', syn(1)), cooked('in', ip('192.0.2.51', own, protocols.icmp, prohibited))])
        .refusals,
    ).toEqual([{ by: '192.0.2.51', said: 'administratively prohibited' }]);

    const ask = ip('2001:db8:b::1', '2001:db8::3', protocols.udp, udp(5, 53, 'name'));
    const unreachable = ip('2001:db8::3', '2001:db8:b::1', protocols.icmp6, icmpError(1, 4, ask));
    expect(
      trafficTo({ address: '2001:db8::3', protocol: 'udp', port: 53 }, [cooked('out', ask), cooked('in', unreachable)])
        .refusals,
    ).toEqual([{ by: '2001:db8::3', said: 'port unreachable' }]);
  });

  test('is not that a host cannot be reached, nor what others were told', () => {
    const down = cooked('in', ip('192.0.2.51', own, protocols.icmp, icmpError(3, 1, syn(1))));
    const others = cooked('in', ip('192.0.2.51', own, protocols.icmp, icmpError(3, 13, syn(9))));
    expect(trafficTo(smtp, [cooked('out', syn(1)), down, others]).refusals).toEqual([]);
  });
});
