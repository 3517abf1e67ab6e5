import { type Segment, segmentsBetween, tcpFlags } from './segments.ts';

/** The two ends of calls between an attacker and a victim, by the addresses that they use. */
export interface Callers {
  readonly attacker: string;
  readonly victim: string;
}

/** What became of calls to the port of BGP, in either direction. */
export interface Calls {
  /** Openings of the attacker that left it, and those that the victim got. */
  readonly sent: number;
  readonly arrived: number;
  /** Openings of the victim, which may call by itself. */
  readonly back: number;
  /** Connections that stood and that the victim has not ended. */
  readonly open: number;
  /** Answered and not ended: those that stand, and those of which that is not known yet. */
  readonly pending: number;
  /** Whether the victim said no: it reset a call, or ended a connection that stood. */
  readonly refused: boolean;
}

const bgp = 179;

/** Reads captures of both ends. That a call came to nothing is seen in segments, and not by how long it takes. */
export function readCalls(
  atAttacker: readonly Buffer[],
  atVictim: readonly Buffer[],
  { attacker, victim }: Callers,
): Calls {
  const out = segmentsBetween(atAttacker, attacker, victim);
  const back = segmentsBetween(atVictim, victim, attacker);
  const got = segmentsBetween(atVictim, attacker, victim);
  // Of its own calls the victim takes up those whose answer it acknowledges: a packet filter may keep the answer from it.
  const acknowledged = new Set(back.filter(isAcknowledgement).map(connectionOf));
  const accepted = new Set([
    ...back.filter(isAnswer).map(connectionOf),
    ...got
      .filter(isAnswer)
      .map(connectionOf)
      .filter((it) => acknowledged.has(it)),
  ]);
  const ended = new Set(back.filter(isEnd).map(connectionOf));
  return {
    sent: out.filter(isOpening).filter((it) => it.port === bgp).length,
    arrived: got.filter(isOpening).filter((it) => it.port === bgp).length,
    back: back.filter(isOpening).filter((it) => it.port === bgp).length,
    open: [...accepted].filter((it) => !ended.has(it)).length,
    pending: new Set(
      [...back, ...got]
        .filter(isAnswer)
        .map(connectionOf)
        .filter((it) => !ended.has(it)),
    ).size,
    refused: ended.size > 0,
  };
}

function isOpening({ flags }: Segment): boolean {
  return (flags & (tcpFlags.syn | tcpFlags.ack)) === tcpFlags.syn;
}

function isAnswer({ flags }: Segment): boolean {
  return (flags & tcpFlags.syn) !== 0 && (flags & tcpFlags.ack) !== 0;
}

function isAcknowledgement({ flags }: Segment): boolean {
  return (flags & (tcpFlags.syn | tcpFlags.rst | tcpFlags.ack)) === tcpFlags.ack;
}

function isEnd({ flags }: Segment): boolean {
  return (flags & (tcpFlags.fin | tcpFlags.rst)) !== 0;
}

/** The same for both directions. */
function connectionOf({ sourcePort, port }: Segment): string {
  return [sourcePort, port].toSorted((a, b) => a - b).join(' ');
}
