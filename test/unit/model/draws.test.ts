import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { addressBeside, addressWithin, endsOf, pick, prefixWithin, sample } from '#core/model/draws.ts';
import { containsPrefix, parsePrefix } from '#core/model/ip.ts';
import { drawsFrom } from '#core/run/draws.ts';

const prefixes = ['192.0.2.128/27', '192.0.2.65/32', '0.0.0.0/0', '2001:db8:b::/48', '2001:db8::1/128', '::/0'];

describe('drawn values', () => {
  test('lie inside of what they are drawn from', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...prefixes), (seed, prefix) => {
        const draws = drawsFrom(seed, 'test');
        expect(containsPrefix(prefix, addressWithin(draws, prefix))).toBe(true);
        const length = Math.min(parsePrefix(prefix).prefixLength + 8, prefix.includes(':') ? 128 : 32);
        const longer = prefixWithin(draws, prefix, length);
        expect(containsPrefix(prefix, longer)).toBe(true);
        expect(parsePrefix(longer)).toMatchObject({ address: parsePrefix(longer).network, prefixLength: length });
      }),
    );
  });

  test('reach both ends of it', () => {
    const draws = drawsFrom(1, 'test');
    const drawn = new Set(Array.from({ length: 200 }, () => addressWithin(draws, '192.0.2.64/30')));
    expect([...drawn].toSorted()).toEqual(['192.0.2.64', '192.0.2.65', '192.0.2.66', '192.0.2.67']);
    expect(endsOf('192.0.2.64/30')).toEqual({ first: '192.0.2.64', last: '192.0.2.67' });
    expect(endsOf('2001:db8:b::/48').last).toBe('2001:db8:b:ffff:ffff:ffff:ffff:ffff');
  });

  test('of a list are of it, and none is there twice', () => {
    const draws = drawsFrom(2, 'test');
    expect(sample(draws, [1, 2, 3, 4, 5], 9)).toEqual([1, 2, 3, 4, 5]);
    const some = sample(draws, ['a', 'b', 'c', 'd'], 2);
    expect(new Set(some).size).toBe(2);
    expect(['a', 'b']).toContain(pick(draws, ['a', 'b']));
    expect(() => pick(draws, [])).toThrow(RangeError);
  });
});

test('the neighbours of a prefix are one address away from its ends', () => {
  expect(addressBeside('192.0.2.128', -1n)).toBe('192.0.2.127');
  expect(addressBeside('2001:db8:b:ffff:ffff:ffff:ffff:ffff', 1n)).toBe('2001:db8:c::');
  expect(addressBeside('0.0.0.0', -1n)).toBeUndefined();
});
