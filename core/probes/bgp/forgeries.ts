import { type Segment, segmentsBetween, tcpFlags } from './segments.ts';

/** The window of forged segments, which tells them from others in a capture (attacks/reset-sessions). */
export const forgedWindow = 4321;

/** Forged segments from one end of a session to the other. */
export interface Forgeries {
  readonly resets: number;
  readonly notifications: number;
}

/** The forged segments of a capture. */
export function forgeriesIn(frames: readonly Buffer[], source: string, destination: string): Forgeries {
  return count(segmentsBetween(frames, source, destination).filter((it) => it.window === forgedWindow));
}

/**
 * Of the forged segments that reached an end, those with exactly the sequence number that it expected then. A
 * receiver takes no other (RFC 5961 §3.2), signed or not: one that came too late, as on a busy computer, shows nothing.
 */
export function hitsIn(frames: readonly Buffer[], source: string, destination: string): Forgeries {
  const expected = new Map<string, number>();
  const hits: Segment[] = [];
  for (const segment of segmentsBetween(frames, source, destination)) {
    const ports = `${segment.sourcePort} ${segment.port}`;
    const next = expected.get(ports);
    if (segment.window === forgedWindow) {
      if (next === segment.sequence) hits.push(segment);
      continue;
    }
    const end = endOf(segment);
    // A retransmission takes nothing back.
    if (next === undefined || ((end - next) | 0) > 0 || (segment.flags & tcpFlags.syn) !== 0) expected.set(ports, end);
  }
  return count(hits);
}

/** The number of what comes behind a segment; SYN and FIN take one each (RFC 9293 §3.4). */
function endOf({ sequence, payload, flags }: Segment): number {
  const taken = [tcpFlags.syn, tcpFlags.fin].filter((it) => (flags & it) !== 0).length;
  return (sequence + payload.length + taken) >>> 0;
}

function count(segments: readonly Segment[]): Forgeries {
  const resets = segments.filter((it) => (it.flags & tcpFlags.rst) !== 0).length;
  return { resets, notifications: segments.length - resets };
}
