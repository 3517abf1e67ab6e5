import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import { expect, test } from 'vitest';

import { canonicalAddress, containsPrefix, parsePrefix, rangeOf } from '#core/model/ip.ts';

const v4 = fc.tuple(fc.bigInt(0n, 2n ** 32n - 1n), fc.nat(32)).map(([number, length]) => ({
  text: `${Address4.fromBigInt(number).correctForm()}/${length}`,
  number,
  bits: 32n - BigInt(length),
}));
const v6 = fc.tuple(fc.bigInt(0n, 2n ** 128n - 1n), fc.nat(128)).map(([number, length]) => ({
  text: `${Address6.fromBigInt(number).correctForm()}/${length}`,
  number,
  bits: 128n - BigInt(length),
}));
const prefix = fc.oneof(v4, v6);

test('the ends of a prefix are those that its length leaves open', () => {
  fc.assert(
    fc.property(prefix, ({ text, number, bits }) => {
      const first = (number >> bits) << bits;
      expect(rangeOf(text)).toMatchObject({ first, last: first + (1n << bits) - 1n });
    }),
  );
});

test('a prefix lies in another one as the library says, and never in one of the other family', () => {
  fc.assert(
    fc.property(prefix, prefix, fc.boolean(), (outer, other, near) => {
      const inner = near ? { ...other, text: outer.text.replace(/\/\d+$/, '') } : other;
      const parse = (text: string) => (text.includes(':') ? new Address6(text) : new Address4(text));
      const [around, within] = [parse(outer.text), parse(inner.text)];
      const same = around instanceof Address4 === within instanceof Address4;
      expect(containsPrefix(outer.text, inner.text)).toBe(same && within.isInSubnet(around as never));
    }),
  );
});

test('what was taken apart is data, and the same the second time', () => {
  const once = parsePrefix('2001:DB8:0::1/64');
  expect(JSON.parse(JSON.stringify(once))).toEqual({
    family: 'v6',
    address: '2001:db8::1',
    prefixLength: 64,
    network: '2001:db8::',
  });
  expect(parsePrefix('2001:DB8:0::1/64')).toEqual(once);
  expect(canonicalAddress('2001:DB8:0::1')).toBe('2001:db8::1');
  expect(parsePrefix('192.0.2.33/27')).toMatchObject({ network: '192.0.2.32', netmask: '255.255.255.224' });
});

test('what is no address is refused, also the second time', () => {
  for (const text of ['192.0.2.256', 'x', '2001:db8::/129', '2001:db8::/129'])
    expect(() => parsePrefix(text)).toThrow();
});
