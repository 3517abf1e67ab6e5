import { Address4, Address6 } from 'ip-address';
import { z } from 'zod';

import { type Family, familyOf } from './plan.ts';

/** An address with its prefix length, taken apart. */
export interface Prefix {
  readonly family: Family;
  /** In the form of RFC 5952 for IPv6. */
  readonly address: string;
  readonly prefixLength: number;
  /** The network's own address, without length. */
  readonly network: string;
  /** Dotted; IPv4 only. */
  readonly netmask?: string;
}

/** The first and the last address of a prefix, as numbers. */
export interface Range {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** Reads `192.0.2.33/27` or `2001:db8::1/64`; an address alone counts as a host's own prefix. Expects valid input. */
export function parsePrefix(text: string): Prefix {
  return takeApart(text).prefix;
}

/** What lies in a prefix; an address alone is the first and the last. */
export function rangeOf(text: string): Range {
  return takeApart(text).range;
}

interface Parts {
  readonly prefix: Prefix;
  readonly range: Range;
}

/** What was taken apart already: a check asks the same few hundred addresses tens of thousands of times. */
const known = new Map<string, Parts>();
const mostKnown = 50_000;

function takeApart(text: string): Parts {
  const before = known.get(text);
  if (before !== undefined) return before;
  const family = familyOf(text);
  const parsed = family === 'v6' ? new Address6(text) : new Address4(text);
  const [first, last] = [parsed.startAddress(), parsed.endAddress()];
  const parts: Parts = {
    prefix: {
      family,
      address: parsed.correctForm(),
      prefixLength: parsed.subnetMask,
      network: first.correctForm(),
      ...(parsed instanceof Address4 ? { netmask: parsed.subnetMaskAddress().correctForm() } : {}),
    },
    range: { family, first: first.bigInt(), last: last.bigInt() },
  };
  if (known.size >= mostKnown) known.clear();
  known.set(text, parts);
  return parts;
}

/** Whether a text is an address and nothing more. */
export function isAddress(text: string): boolean {
  return (familyOf(text) === 'v6' ? z.ipv6() : z.ipv4()).safeParse(text).success;
}

/** The one spelling of an address, without prefix length, so that two can be compared. */
export function canonicalAddress(text: string): string {
  return parsePrefix(text).address;
}

/** Whether the whole of `inner` (an address or a prefix) lies in the prefix `outer`. */
export function containsPrefix(outer: string, inner: string): boolean {
  const [around, within] = [rangeOf(outer), rangeOf(inner)];
  return around.family === within.family && around.first <= within.first && within.last <= around.last;
}

/** Address space that no one on the Internet owns: what shipped labs may use. */
const labSpace: readonly string[] = [
  '192.0.2.0/24', // RFC 5737
  '198.51.100.0/24',
  '203.0.113.0/24',
  '10.0.0.0/8', // RFC 1918
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10', // RFC 6598
  '169.254.0.0/16', // RFC 3927
  '2001:db8::/32', // RFC 3849
  '3fff::/20', // RFC 9637
  'fc00::/7', // RFC 4193
  'fe80::/10', // RFC 4291 §2.5.6
];

/** Whether an address or a prefix lies in documentation, private or link-local space. */
export function isLabSpace(text: string): boolean {
  return labSpace.some((prefix) => containsPrefix(prefix, text));
}

/** Whether an AS number is for documentation (RFC 5398) or private use (RFC 6996). */
export function isLabAs(as: number): boolean {
  const ranges = [
    [64_496, 64_511],
    [65_536, 65_551],
    [64_512, 65_534],
    [4_200_000_000, 4_294_967_294],
  ] as const;
  return ranges.some(([first, last]) => as >= first && as <= last);
}
