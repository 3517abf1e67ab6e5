/** All packets of a frame go their way in this time, again and again; the pause at its end keeps them in step. */
export const roundMs = 4200;

/**
 * Where a packet is at which part of the round: it waits, sets out, arrives, and goes out. Offsets that go
 * back are a TypeError of `animate`, so they grow for every start and every length of the way: what would set
 * out too late to be seen goes with the early ones.
 */
export function framesOf(startMs: number, travelMs: number, isStopped: boolean): Keyframe[] {
  const begin = (startMs % (0.6 * roundMs)) / roundMs;
  const end = Math.min(0.94, begin + Math.max(0.02, travelMs / roundMs));
  return [
    { offset: 0, offsetDistance: '0%', opacity: 0 },
    { offset: begin, offsetDistance: '0%', opacity: 0 },
    { offset: begin + 0.01, offsetDistance: '0%', opacity: 1 },
    { offset: end, offsetDistance: '100%', opacity: 1, transform: 'scale(1)' },
    { offset: end + 0.04, offsetDistance: '100%', opacity: 0, transform: isStopped ? 'scale(2.2)' : 'scale(0.4)' },
  ];
}
