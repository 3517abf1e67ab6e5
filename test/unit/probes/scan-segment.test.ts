import { expect, test } from 'vitest';

import { addressBytes } from '#core/probes/address-pair.ts';
import { residentsOf, strangersIn } from '#core/probes/scan-segment.ts';

import { referencePlan } from './reference-plan.ts';

const residents = residentsOf(referencePlan(), 'ixp');
const [own, router, stranger] = ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03'];
const bytesOf = (link: string): Buffer => Buffer.from(link.replaceAll(':', ''), 'hex');

function arp(link: string, sender: string): Buffer {
  const head = Buffer.from([0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 2]);
  return Buffer.concat([bytesOf(own), bytesOf(link), head, bytesOf(link), addressBytes(sender), Buffer.alloc(10)]);
}

function ipv6(link: string, sender: string): Buffer {
  const head = Buffer.from([0x86, 0xdd, 0x60, 0, 0, 0, 0, 0, 58, 255]);
  return Buffer.concat([bytesOf(own), bytesOf(link), head, addressBytes(sender), addressBytes('ff02::1')]);
}

test('who has an address on the segment by the plan belongs there', () => {
  expect(residents.map((it) => `${it.node} ${it.address}`)).toEqual([
    'br1 100.64.50.1',
    'br1 2001:db8:1900::1',
    'peer1 100.64.50.2',
    'peer1 2001:db8:1900::2',
  ]);
});

test('a resident is known by his link address, whatever else he says', () => {
  expect(strangersIn([arp(router, '100.64.50.1'), ipv6(router, 'fe80::2')], residents, own)).toEqual({
    v4: [],
    v6: [],
  });
});

test('a link address that no resident has is a stranger, by IPv6 alone too', () => {
  expect(strangersIn([arp(router, '100.64.50.1'), ipv6(stranger, 'fe80::3')], residents, own)).toEqual({
    v4: [],
    v6: [stranger],
  });
});

test('a resident who answers for others lets them in', () => {
  const frames = [arp(router, '100.64.50.1'), arp(router, '100.64.50.66')];
  expect(strangersIn(frames, residents, own).v4).toEqual([`100.64.50.66 at ${router}`]);
});
