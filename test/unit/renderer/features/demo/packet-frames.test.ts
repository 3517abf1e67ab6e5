import fc from 'fast-check';
import { expect, test } from 'vitest';

import { framesOf } from '../../../../../renderer/features/demo/packet-frames.ts';

/** What `animate` insists on: Web Animations, "compute missing keyframe offsets". */
test('offsets never go back and stay in the round, whenever a packet sets out and however long its way is', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 60_000, noNaN: true }),
      fc.double({ min: 0, max: 60_000, noNaN: true }),
      fc.boolean(),
      (startMs, travelMs, isStopped) => {
        const offsets = framesOf(startMs, travelMs, isStopped).map((it) => it.offset ?? Number.NaN);
        expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
        expect(Math.min(...offsets)).toBe(0);
        expect(Math.max(...offsets)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('the first packet sets out at once and goes at its speed', () => {
  expect(framesOf(0, 2100, false).map((it) => it.offset)).toEqual([0, 0, 0.01, 0.5, 0.54]);
});
