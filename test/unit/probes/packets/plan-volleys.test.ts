import { describe, expect, test } from 'vitest';

import { containsPrefix } from '#core/model/ip.ts';
import { familyOf } from '#core/model/plan.ts';
import { kindsOf } from '#core/probes/packets/kinds.ts';
import { planVolleys, type VolleyRequest } from '#core/probes/packets/plan-volleys.ts';
import { customerPorts, exitOf } from '#core/probes/packets/ports.ts';
import { type SenderClass, sendersOf } from '#core/probes/packets/senders.ts';
import type { PlannedPacket } from '#core/probes/packets/volley.ts';
import { drawsFrom } from '#core/run/draws.ts';

import { referencePlan } from '../reference-plan.ts';

const plan = referencePlan();
const seeds = [1, 2, 3, 4, 5];

function packets(
  from: SenderClass,
  { seed = 1, which = 'all' as const, ...rest }: Partial<VolleyRequest> & { seed?: number; which?: 'all' },
): PlannedPacket[] {
  const draws = drawsFrom(seed, 'test');
  const request: VolleyRequest = {
    to: ['strangers'],
    names: 'others',
    legitimate: false,
    kinds: kindsOf(which, draws),
    nonce: 'abcdef',
    draws,
    ...rest,
  };
  return sendersOf(plan, [from]).flatMap((it) => planVolleys(plan, it, request).flatMap((volley) => volley.packets));
}

const tries = (those: readonly PlannedPacket[]): PlannedPacket[] => those.filter((it) => it.role === 'try');

describe('the places of a plan', () => {
  test('are every port of a customer, with what is registered there and what is not to be argued about', () => {
    const ports = customerPorts(plan);
    expect(ports.map((it) => [it.node, it.interface, it.edge])).toEqual([
      ['cea', 'up0', 'pe1'],
      ['ceb', 'up0', 'pe1'],
      ['colo1', 'eth0', 'pe1'],
      ['colo2', 'eth0', 'pe1'],
    ]);
    expect(ports[0]?.blocks).toEqual(['192.0.2.128/27', '2001:db8:a::/48']);
    // The provider's end of the link is in what is registered, so no more than the server's own address is its own.
    expect(ports[2]).toMatchObject({ blocks: [], linkAddresses: ['192.0.2.65', '2001:db8:0:31::2'] });
    expect(ports[2]?.owns('2001:db8:0:31::99')).toBe(true);
  });

  test('are reached by the exit that leads there, and not through a customer', () => {
    expect(exitOf(plan, 'ceb', 'pe1')).toEqual({
      interface: 'up0',
      hop: { v4: '100.64.1.5', v6: '2001:db8:0:111::1' },
    });
    expect(exitOf(plan, 'a2', 'pe1').hop.v4).toBe('192.0.2.129');
    expect(exitOf(plan, 'peer1', 'pe1')).toMatchObject({ interface: 'ixp0', hop: { v4: '100.64.50.1' } });
    expect(exitOf(plan, 'evil', 'pe1').hop.v4).toBe('198.51.100.1');
  });
});

describe.each(seeds)('forged packets, seed %i', (seed) => {
  const sent = tries(packets('customer-ports', { seed }));

  test('never have a source that is the sender’s by any reading', () => {
    for (const port of customerPorts(plan))
      for (const it of sent.filter(({ from }) => from === port.node)) expect(port.owns(it.source)).toBe(false);
  });

  test('have the name of every other customer, of the provider, of the Internet, of special space and of neighbours in it', () => {
    for (const family of ['v4', 'v6'] as const)
      for (const { node } of customerPorts(plan)) {
        const mine = sent.filter((it) => it.from === node && it.family === family);
        const others = customerPorts(plan).filter((it) => it.node !== node);
        for (const other of others)
          for (const block of other.blocks.filter((it) => familyOf(it) === family))
            expect(mine.some((it) => containsPrefix(block, it.source))).toBe(true);
        const whose = new Set(mine.map((it) => it.whose));
        expect([...whose]).toEqual(
          expect.arrayContaining([
            'another customer',
            'the provider',
            'somebody in the Internet',
            'nobody, from special-use space',
          ]),
        );
      }
    expect(sent.map((it) => it.source)).toEqual(expect.arrayContaining(['192.0.2.127', '192.0.2.192']));
  });

  test('have every form with every source, and every trusted port', () => {
    const mine = sent.filter((it) => it.from === 'ceb' && it.family === 'v4');
    const kinds = kindsOf('all', drawsFrom(seed, 'test'));
    for (const source of new Set(mine.map((it) => it.source))) {
      const names = new Set(mine.filter((it) => it.source === source).map((it) => it.kind.name));
      for (const form of kinds.forms) expect(names).toContain(form.name);
    }
    const names = new Set(mine.map((it) => it.kind.name));
    for (const port of kinds.ports) expect(names).toContain(port.name);
  });

  test('go to every target, in each form', () => {
    const mine = sent.filter((it) => it.from === 'ceb' && it.family === 'v4');
    const targets = new Set(mine.map((it) => it.destination));
    expect([...targets].toSorted()).toEqual(['198.51.100.10', '198.51.100.53', '198.51.100.66']);
    const gre = new Set(mine.filter((it) => it.kind.name === 'GRE').map((it) => it.destination));
    expect(gre).toEqual(targets);
  });
});

describe('packets', () => {
  test('are the same again with the same seed, and others with another', () => {
    const bare = (seed: number): unknown => packets('customer-ports', { seed }).map((it) => [it.source, it.port]);
    expect(bare(1)).toEqual(bare(1));
    expect(bare(1)).not.toEqual(bare(2));
  });

  test('have markers of which each is there once', () => {
    const markers = packets('customer-ports', {}).map((it) => it.marker);
    expect(new Set(markers).size).toBe(markers.length);
  });

  test('end with canaries in the sender’s own name, unless they are legitimate themselves', () => {
    const [last] = packets('customer-routers', {}).slice(-1);
    expect(last).toMatchObject({ role: 'canary', from: 'ceb', source: '2001:db8:b::1', kind: { name: 'UDP' } });
    expect(packets('customer-ports', { names: 'own', legitimate: true }).every((it) => it.role === 'try')).toBe(true);
  });

  test('in the name of the receiver are of its own blocks, and of the very address they go to', () => {
    const sent = tries(packets('strangers', { to: ['customers'], names: 'receiver' }));
    const [a, b] = customerPorts(plan);
    for (const it of sent) {
      const receiver = customerPorts(plan).find((port) => port.owns(it.destination));
      expect(receiver?.owns(it.source)).toBe(true);
    }
    const sources = new Set(sent.map((it) => it.source));
    for (const block of [...(a?.blocks ?? []), ...(b?.blocks ?? [])])
      expect([...sources].some((it) => containsPrefix(block, it))).toBe(true);
    expect(sent.filter((it) => it.source === it.destination).map((it) => it.source)).toEqual(
      expect.arrayContaining(['192.0.2.65', '192.0.2.130', '2001:db8:510::1']),
    );
  });

  test('that are legitimate have the ends of every block, and the end of the link', () => {
    const sources = new Set(packets('customer-ports', { names: 'own', legitimate: true }).map((it) => it.source));
    for (const it of ['192.0.2.128', '192.0.2.159', '2001:db8:510::', '100.64.1.2', '192.0.2.67'])
      expect(sources).toContain(it);
  });

  test('on a LAN go to each station by itself, and to a broadcast from elsewhere', () => {
    const sent = tries(packets('lan-hosts', { to: ['lan-hosts'] }));
    expect(new Set(sent.map((it) => `${it.from} ${it.destination}`))).toEqual(
      new Set(['a1 192.0.2.131', 'a1 2001:db8:a:1::131', 'a2 192.0.2.130', 'a2 2001:db8:a:1::130']),
    );
    expect(sent.some((it) => it.source === '192.0.2.129')).toBe(true);
    const broadcast = tries(packets('strangers', { to: ['lan-broadcast'], names: 'anybody', canaryTo: ['lan-hosts'] }));
    expect(new Set(broadcast.map((it) => it.destination))).toEqual(new Set(['192.0.2.143']));
  });
});
