import { describe, expect, test } from 'vitest';

import { type Fate, orderOf, type PlannedPacket, sightOf } from '#core/probes/packets/volley.ts';
import { attemptsOf } from '#core/probes/try-sources.ts';

import { ip, udp } from '../packets.ts';
import { referencePlan } from '../reference-plan.ts';

const plan = referencePlan();
const packet: PlannedPacket = {
  role: 'try',
  from: 'ceb',
  family: 'v4',
  whose: 'the provider',
  source: '192.0.2.3',
  destination: '198.51.100.10',
  kind: { name: 'GRE', v4: 47, v6: 47 },
  port: 20_001,
  sourcePort: 33_001,
  marker: 'abc-ceb.1;',
};
const fate = (more: Partial<Fate> = {}, of: Partial<PlannedPacket> = {}): Fate => ({
  packet: { ...packet, ...of },
  came: true,
  arrived: false,
  changed: false,
  ...more,
});
const told = (fates: readonly Fate[], legitimate = false) => attemptsOf(fates, { legitimate, at: 'past-edge', plan });

test('a packet is found by its marker, and is itself only with its own addresses', () => {
  const sight = sightOf([packet, { ...packet, marker: 'abc-ceb.12;' }], 'abc');
  const frame = (source: string, text: string): Buffer => ip(source, packet.destination, 17, udp(1, 2, text));
  sight.look(frame('192.0.2.3', 'something else'));
  sight.look(frame('192.0.2.49', packet.marker));
  expect(sight.seen.get(packet.marker)).toEqual({ asPlanned: false });
  sight.look(frame('192.0.2.3', packet.marker));
  expect([...sight.seen]).toEqual([[packet.marker, { asPlanned: true }]]);
});

test('the tool is told what makes each kind', () => {
  const exit = { interface: 'up0', hop: { v4: '100.64.1.5', v6: '2001:db8:0:111::1' } };
  const order = JSON.parse(orderOf([{ ...packet, kind: { ...packet.kind, fragments: true } }], exit, 7)) as unknown;
  expect(order).toMatchObject({
    interface: 'up0',
    next_hop: { v4: '100.64.1.5' },
    tag: 7,
    packets: [{ source: '192.0.2.3', protocol: 47, fragments: true, payload: 'abc-ceb.1;' }],
  });
});

describe('an attempt', () => {
  test('is one for each sender, family and kind of name, and claims the addresses', () => {
    const attempts = told([fate(), fate({}, { source: '192.0.2.4' }), fate({}, { whose: 'another customer' })]);
    expect(attempts.map((it) => [it.label, it.claims])).toEqual([
      ['2 packets from ceb in the name of the provider', ['192.0.2.3', '192.0.2.4']],
      ['1 packets from ceb in the name of another customer', ['192.0.2.3']],
    ]);
  });

  test('that is forged is proved stopped when each packet came to where it was dropped', () => {
    expect(told([fate(), fate()])[0]).toMatchObject({ sent: true, succeeded: false, proof: 'counted' });
    const lost = told([fate(), fate({ came: false })])[0];
    expect(lost).toMatchObject({ sent: false, succeeded: false });
    expect(lost).not.toHaveProperty('proof');
  });

  test('that is forged got through when one packet did, with whatever address', () => {
    const [one] = told([fate(), fate({ arrived: true, changed: true })]);
    expect(one).toMatchObject({ succeeded: true });
    expect(one?.seen).toContain('through: GRE, such as 192.0.2.3 to 198.51.100.10');
  });

  test('that is legitimate works when all of it got through as it was', () => {
    expect(told([fate({ arrived: true }), fate({ arrived: true })], true)[0]?.succeeded).toBe(true);
    expect(told([fate({ arrived: true }), fate()], true)[0]?.succeeded).toBe(false);
    expect(told([fate({ arrived: true, changed: true })], true)[0]?.succeeded).toBe(false);
  });

  test('is repeated by hping3 where it can, and by our own tool where it cannot', () => {
    const syn = { kind: { name: 'TCP SYN', v4: 6, v6: 6 } };
    expect(told([fate({}, syn)])[0]?.repeat).toBe(
      'breakwater exec ceb -- hping3 -S -s 33001 -p 20001 -a 192.0.2.3 -c 3 198.51.100.10',
    );
    expect(told([fate()])[0]?.repeat).toContain('attacks/send-packets');
  });
});
