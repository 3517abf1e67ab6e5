import { describe, expect, test } from 'vitest';

import { containsPrefix, parsePrefix } from '#core/model/ip.ts';
import { familyOf } from '#core/model/plan.ts';
import { Claim, type Claim as Kind, claimsOf } from '#core/probes/bgp/claims.ts';

import { draws } from '../draws.ts';
import { referencePlan } from '../reference-plan.ts';

const of = (claim: Kind, from: string, seed = 'test'): string[] =>
  claimsOf(claim, from, referencePlan(), draws(seed)).map((it) => it.prefix);

test.each(Claim.options)(
  '%s are prefixes in their one spelling, in both families, and other ones with another seed',
  (claim) => {
    const prefixes = of(claim, 'transit');
    expect(new Set(prefixes.map(familyOf))).toEqual(new Set(['v4', 'v6']));
    for (const it of prefixes) {
      const { network, prefixLength } = parsePrefix(it);
      expect(it).toBe(`${network}/${prefixLength}`);
    }
    expect(of(claim, 'transit')).toEqual(prefixes);
  },
);

describe('ours', () => {
  test('are claimed in every length of IPv4, and with the networks and an address of our servers', () => {
    const lengths = of('ours', 'transit')
      .filter((it) => containsPrefix('192.0.2.0/24', it))
      .map((it) => parsePrefix(it).prefixLength);
    expect(new Set(lengths)).toEqual(new Set([24, 25, 26, 27, 28, 29, 30, 31, 32]));
    expect(of('ours', 'transit')).toEqual(expect.arrayContaining(['192.0.2.32/28', '2001:db8:0:2::/64']));
    expect(of('ours', 'transit', 'one')).not.toEqual(of('ours', 'transit', 'other'));
  });

  test('are not what a customer of ours has registered', () => {
    expect(of('ours', 'ceb').filter((it) => containsPrefix('192.0.2.160/27', it))).toEqual([]);
  });
});

test('links are those of our routers', () => {
  expect(of('links', 'peer1')).toEqual(
    expect.arrayContaining(['10.0.0.0/30', '100.64.1.4/30', '100.64.50.0/24', '2001:db8:0:100::/64']),
  );
});

test('what is preferred to a peer is what customers have, and to transit what peers have, too', () => {
  expect(of('preferred', 'peer1')).toEqual(['192.0.2.160/27', '2001:db8:b::/48', '2001:db8:510::/48']);
  expect(of('preferred', 'transit')).toEqual(expect.arrayContaining(['203.0.113.0/24', '2001:db8:510::/48']));
  expect(of('preferred', 'ceb')).toEqual([]);
});

test("a network of the Internet is nobody's in the plan", () => {
  const plan = referencePlan();
  const known = Object.values(plan.ases).flatMap((it) => it.prefixes);
  for (const seed of ['1', '2', '3', '4', '5'])
    for (const it of of('internet', 'transit', seed))
      expect(known.filter((one) => containsPrefix(one, it) || containsPrefix(it, one))).toEqual([]);
});
