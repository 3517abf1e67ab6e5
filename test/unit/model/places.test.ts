import { describe, expect, test } from 'vitest';

import { type PlaceClass, PlaceClass as Classes, placesOf } from '#core/model/places.ts';

import { referencePlan } from '../probes/reference-plan.ts';

const addressesOf = (...names: string[]): string[] => placesOf(referencePlan(), names).map((it) => it.address);
const nodesOf = (name: PlaceClass): string[] => [...new Set(placesOf(referencePlan(), [name]).map((it) => it.node))];

describe('a class of places', () => {
  test('is every machine that the plan puts there', () => {
    expect(nodesOf('customers')).toEqual(['cea', 'a1', 'a2', 'ceb']);
    expect(nodesOf('co-located')).toEqual(['colo1', 'colo2']);
    expect(nodesOf('servers')).toEqual(['ns1', 'res1', 'mx', 'www', 'lg', 'irr']);
    expect(nodesOf('operations')).toEqual(['noc', 'log']);
    expect(nodesOf('routers')).toEqual(['br1', 'p1', 'pe1']);
    expect(nodesOf('neighbours')).toEqual(['transit', 'peer1']);
    expect(nodesOf('strangers')).toEqual(['remote', 'evil']);
  });

  test("of customers has each of their own blocks and no link's address", () => {
    const customers = addressesOf('customers');
    expect(customers).toEqual(expect.arrayContaining(['192.0.2.161', '2001:db8:b::1', '2001:db8:510::1']));
    expect(customers).not.toContain('100.64.1.6');
    expect(addressesOf('customer-links')).toEqual(
      expect.arrayContaining(['100.64.1.2', '100.64.1.6', '2001:db8:0:110::2']),
    );
  });

  test('of neighbours has the addresses of the links to them', () => {
    expect(addressesOf('neighbours')).toEqual(expect.arrayContaining(['100.64.0.1', '100.64.50.2', '203.0.113.1']));
  });

  test('leaves no address of the plan out, and gives each to one class', () => {
    const all = Classes.options.flatMap((name) => addressesOf(name));
    expect(new Set(all).size).toBe(all.length);
    const planned = Object.values(referencePlan().nodes).flatMap((it) => [
      ...it.loopback,
      ...Object.values(it.interfaces).flatMap((one) => one.addresses),
    ]);
    expect(all.length).toBe(planned.length);
  });
});

test('a node alone is the address by which it is known, and each address stands once', () => {
  expect(addressesOf('ceb')).toEqual(['192.0.2.161', '2001:db8:b::1']);
  expect(addressesOf('remote', 'strangers').length).toBe(addressesOf('strangers').length);
});
