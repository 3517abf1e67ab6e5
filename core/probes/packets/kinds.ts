import { type Draws, pick } from '../../model/draws.ts';
import type { Family } from '../../model/plan.ts';

/** One kind of packet, as `send-packets` of the image makes it. Filters forget kinds, so each is tried. */
export interface PacketKind {
  /** In words: `GRE`, `UDP from port 53`. */
  readonly name: string;
  /** Number of the protocol in IPv4 (IANA). */
  readonly v4: number;
  readonly v6: number;
  /** Of UDP and TCP; the destination is a drawn high port when left out, and so is the source. */
  readonly port?: number;
  readonly sourcePort?: number;
  /** Of TCP; SYN when left out. */
  readonly flags?: number;
  /** In two pieces (RFC 791, RFC 8200 §4.5). */
  readonly fragments?: true;
  /** Behind options of IPv4, or a header of destination options. */
  readonly options?: true;
}

const udp = { v4: 17, v6: 17 };
const tcp = { v4: 6, v6: 6 };
const ack = 0x10;
const ping: PacketKind = { name: 'ping', v4: 1, v6: 58 };

/** Protocols and forms, whatever their port. */
const forms: readonly PacketKind[] = [
  { name: 'UDP', ...udp },
  { name: 'TCP SYN', ...tcp },
  ping,
  { name: 'TCP ACK', ...tcp, flags: ack },
  { name: 'UDP in fragments', ...udp, fragments: true },
  { name: 'UDP behind options', ...udp, options: true },
  { name: 'GRE', v4: 47, v6: 47 },
  { name: 'ESP', v4: 50, v6: 50 },
  { name: 'AH', v4: 51, v6: 51 },
  { name: 'SCTP', v4: 132, v6: 132 },
  { name: 'IP in IP', v4: 4, v6: 41 },
];

/** Ports that filters let in first, because something important would stop without them. */
const trustedPorts: readonly PacketKind[] = [
  ...[22, 25, 53, 80, 110, 143, 179, 443, 514, 587, 853, 993].map((port) => ({
    name: `TCP to port ${port}`,
    ...tcp,
    port,
  })),
  ...[53, 67, 123, 161, 443, 500, 514, 4500, 33_434].map((port) => ({ name: `UDP to port ${port}`, ...udp, port })),
  ...[20, 25, 53, 80, 179, 443].map((port) => ({ name: `TCP from port ${port}`, ...tcp, sourcePort: port })),
  ...[53, 123, 500].map((port) => ({ name: `UDP from port ${port}`, ...udp, sourcePort: port })),
];

/** What a router takes that is protected from the rest. */
const control: readonly PacketKind[] = [
  ping,
  { name: 'TCP to port 22', ...tcp, port: 22 },
  { name: 'TCP to port 179', ...tcp, port: 179 },
  { name: 'TCP from port 179', ...tcp, sourcePort: 179 },
];

/** The kinds of a check: those that every source is tried with, and those that a few are. */
export interface Kinds {
  /** What canaries are sent as. */
  readonly canary: PacketKind;
  readonly forms: readonly PacketKind[];
  readonly ports: readonly PacketKind[];
}

/** Which kinds a check asks for. */
export const kindSets = ['all', 'control', 'ping'] as const;
export type KindSet = (typeof kindSets)[number];

/** All kinds, with a protocol that nobody assigned among them (143 to 252 are IANA's); or those that routers take. */
export function kindsOf(which: KindSet, draws: Draws): Kinds {
  if (which === 'control') return { canary: ping, forms: control, ports: [] };
  if (which === 'ping') return { canary: ping, forms: [ping], ports: [] };
  const number = pick(
    draws,
    Array.from({ length: 100 }, (_, index) => 150 + index),
  );
  return {
    canary: forms[0] as PacketKind,
    forms: [...forms, { name: `protocol ${number}`, v4: number, v6: number }],
    ports: trustedPorts,
  };
}

export function protocolOf(kind: PacketKind, family: Family): number {
  return kind[family];
}
