import { describe, expect, test } from 'vitest';

import { reasonFor } from '#core/mutants/equivalent.ts';
import type { Mutant, OperatorName } from '#core/mutants/mutant.ts';
import { drawMutants, mutantsOf } from '#core/mutants/mutants-of.ts';
import { statementsOf } from '#core/mutants/statements.ts';
import { drawsFrom } from '#core/run/draws.ts';

const nftables = `#!/usr/sbin/nft -f
flush ruleset
table inet filter {
  set registered4 {
    type ifname . ipv4_addr
    elements = { "to_cea" . 192.0.2.128/27, "to_ceb" . 192.0.2.160/27 }
  }
  chain customer { # what customers send
    ip saddr @registered4 accept
    ip6 saddr fe80::/10 accept
    drop
  }
}
`;
const frr = `frr version 10.3
!
ip prefix-list OWN4 seq 5 permit 192.0.2.0/24 le 32
!
router bgp 64496
 neighbor 100.64.0.1 remote-as 64500
 address-family ipv4 unicast
  neighbor 100.64.0.1 maximum-prefix 100
 exit-address-family
exit
`;
const changes = (text: string, operator: OperatorName): string[] =>
  mutantsOf('n/etc/f', text)
    .filter((it) => it.operator === operator)
    .map((it) => `${it.was} → ${it.becomes}`);

describe('statements', () => {
  test('are lines, and blocks by brace with all that is in them', () => {
    const statements = statementsOf(nftables);
    expect(statements.map((it) => it.head)).not.toContain('}');
    const chain = statements.find((it) => it.head === 'chain customer {')!;
    expect(nftables.slice(chain.start, chain.end)).toMatch(/^ {2}chain customer[^]*drop\n {2}}\n$/);
    expect(statements.filter((it) => it.parent === statements.indexOf(chain))).toHaveLength(3);
  });

  test('are blocks by indent where there are no braces, with the word that ends them', () => {
    const router = statementsOf(frr).find((it) => it.head.startsWith('router bgp'))!;
    expect(frr.slice(router.start, router.end)).toBe(frr.slice(frr.indexOf('router bgp')));
  });
});

describe('a mutant', () => {
  test('lacks a line, a block or an element', () => {
    expect(changes(nftables, 'statement-gone')).toContain('ip6 saddr fe80::/10 accept → ');
    expect(changes(nftables, 'element-gone')).toEqual([
      '"to_cea" . 192.0.2.128/27, → ',
      ', "to_ceb" . 192.0.2.160/27 → ',
    ]);
    expect(changes('KexAlgorithms a,b\n', 'element-gone')).toEqual(['a, → ', ',b → ']);
    expect(changes('mynetworks = x, y\n', 'element-gone')).toEqual(['x, → ', ', y → ']);
  });

  test('has a prefix that is one bit shorter or longer, in its right form', () => {
    expect(changes(frr, 'prefix-shorter')).toEqual(['192.0.2.0/24 → 192.0.2.0/23']);
    expect(changes('x { 192.0.2.160/27; 2001:db8:b::/48; }\n', 'prefix-shorter')).toEqual([
      '192.0.2.160/27 → 192.0.2.128/26',
      '2001:db8:b::/48 → 2001:db8:a::/47',
    ]);
    expect(changes('allow 192.0.2.1/32;\n', 'prefix-longer')).toEqual([]);
  });

  test('has another number, but no other address', () => {
    expect(changes(frr, 'number-changed')).toContain('100 → 1000');
    expect(changes('listen 192.0.2.5:443 [2001:db8::5]:443 80;\n', 'number-changed')).toEqual(['80 → 800']);
  });

  test('does the opposite, in another order, or for one family only', () => {
    expect(changes(nftables, 'action-turned')).toContain('drop → accept');
    expect(changes(nftables, 'order-swapped')).toContain(
      'ip6 saddr fe80::/10 accept drop → drop ip6 saddr fe80::/10 accept',
    );
    // The numbers of the entries say what their order is.
    expect(changes(frr, 'order-swapped')).toEqual([]);
    const both = 'allow 2001:db8:a::/48;\nallow 192.0.2.1;\nallow 2001:db8:b::/48;\nallow 192.0.2.2;\n';
    const forgotten = mutantsOf('n/etc/f', both).filter((it) => it.operator === 'family-forgotten');
    expect(forgotten.map((it) => it.text).toSorted()).toEqual([
      'allow 192.0.2.1;\nallow 192.0.2.2;\n',
      'allow 2001:db8:a::/48;\nallow 2001:db8:b::/48;\n',
    ]);
  });

  test('is never the file as it was, and never there twice', () => {
    for (const text of [nftables, frr]) {
      const texts = mutantsOf('n/etc/f', text).map((it) => it.text);
      expect(texts.length).toBeGreaterThan(8);
      expect(texts).not.toContain(text);
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  test('is no change of a comment', () => {
    expect(mutantsOf('n/etc/f', '# 192.0.2.0/24 accept 5\n// deny\n! no\n')).toEqual([]);
  });
});

describe('a draw', () => {
  const mutants = [...mutantsOf('a/etc/nftables.conf', nftables), ...mutantsOf('b/etc/frr/frr.conf', frr)];

  test('is the same for the same seed, whatever the order', () => {
    const drawn = drawMutants(mutants, 10, drawsFrom(7, 'lab'));
    expect(drawn).toHaveLength(10);
    expect(drawMutants(mutants.toReversed(), 10, drawsFrom(7, 'lab'))).toEqual(drawn);
    expect(drawMutants(mutants, 10, drawsFrom(8, 'lab'))).not.toEqual(drawn);
  });

  test('has something of each file and operator, and all when there are no more', () => {
    const kinds = (some: readonly Mutant[]): Set<string> => new Set(some.map((it) => `${it.path} ${it.operator}`));
    expect(kinds(drawMutants(mutants, kinds(mutants).size, drawsFrom(1, 'lab')))).toEqual(kinds(mutants));
    expect(drawMutants(mutants, 10_000, drawsFrom(1, 'lab'))).toHaveLength(mutants.length);
  });
});

test('a reason is for one change of one file, or for every change of that text', () => {
  const [mutant] = mutantsOf('n/etc/f', 'allow 192.0.2.0/24;\n').filter((it) => it.operator === 'prefix-longer');
  const why = 'nobody lives in the other half';
  expect(reasonFor(mutant!, [{ path: 'n/etc/f', was: '192.0.2.0/24', why }])?.why).toBe(why);
  expect(reasonFor(mutant!, [{ path: 'n/etc/f', was: '192.0.2.0/24', becomes: '192.0.2.0/23', why }])).toBeUndefined();
  expect(reasonFor(mutant!, [{ path: 'm/etc/f', was: '192.0.2.0/24', why }])).toBeUndefined();
});
