import type { Family } from '../../model/plan.ts';
import { addressPair } from '../address-pair.ts';
import { type PacketKind, protocolOf } from './kinds.ts';

/** One packet of a plan. */
export interface PlannedPacket {
  readonly role: 'try' | 'canary';
  /** The node that sends. */
  readonly from: string;
  readonly family: Family;
  /** In whose name, in words. */
  readonly whose: string;
  readonly source: string;
  readonly destination: string;
  readonly kind: PacketKind;
  readonly port: number;
  readonly sourcePort: number;
  /** Stands in its payload, and in no other packet. */
  readonly marker: string;
}

/** What became of a packet. */
export interface Fate {
  readonly packet: PlannedPacket;
  /** It came to those who can drop it, and so it had left. */
  readonly came: boolean;
  /** It got where it was to go. */
  readonly arrived: boolean;
  /** It got there with other addresses than it left with. */
  readonly changed: boolean;
}

/** Which packets were seen somewhere. Frames are looked at once, as they come. */
export interface Sight {
  /** By marker: whether the packet had the addresses that it was sent with. */
  readonly seen: ReadonlyMap<string, { asPlanned: boolean }>;
  look(frame: Buffer): void;
}

export function sightOf(packets: readonly PlannedPacket[], nonce: string): Sight {
  const planned = new Map(packets.map((it) => [it.marker, it]));
  const seen = new Map<string, { asPlanned: boolean }>();
  return {
    seen,
    look(frame) {
      const at = frame.indexOf(nonce);
      if (at < 0) return;
      const marker = frame.toString('latin1', at, frame.indexOf(';', at) + 1);
      const packet = planned.get(marker);
      if (packet === undefined || seen.get(marker)?.asPlanned === true) return;
      seen.set(marker, { asPlanned: frame.includes(addressPair(packet.source, packet.destination)) });
    },
  };
}

/** What the tool on the sending node is told (`send-packets` of the image). */
export function orderOf(
  packets: readonly PlannedPacket[],
  { interface: iface, hop }: { interface: string; hop: Partial<Record<Family, string>> },
  tag: number,
): string {
  const families = new Set(packets.map((it) => it.family));
  return JSON.stringify({
    interface: iface,
    next_hop: Object.fromEntries(Object.entries(hop).filter(([family]) => families.has(family as Family))),
    tag,
    packets: packets.map(({ source, destination, kind, family, port, sourcePort, marker }) => ({
      source,
      destination,
      protocol: protocolOf(kind, family),
      port,
      source_port: sourcePort,
      ...(kind.flags === undefined ? {} : { flags: kind.flags }),
      ...(kind.fragments === undefined ? {} : { fragments: true }),
      ...(kind.options === undefined ? {} : { options: true }),
      payload: marker,
    })),
  });
}

/**
 * All packets of one volley have the same identification in IPv4 and flow label in IPv6, which routers keep: a
 * capture takes them and nothing else, neither what somebody answers nor an error that quotes them.
 */
export function tagFilter(tag: number): string {
  return `(ip and ip[4:2] == ${tag}) or (ip6 and ip6[0:4] & 0xfffff == ${tag})`;
}
