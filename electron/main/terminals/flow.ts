/**
 * Back-pressure: how much of a terminal's output is under way to the screen. Above the high-water mark
 * the source has to wait, and goes on when most of it was shown. Between the two marks nothing changes,
 * or a busy terminal would stop and go with every line.
 */
export interface Flow {
  sent(bytes: number): void;
  shown(bytes: number): void;
}

const highWater = 512 * 1024;
const lowWater = 128 * 1024;

export function createFlow(source: { pause(): void; resume(): void }): Flow {
  let underWay = 0;
  let paused = false;
  return {
    sent(bytes) {
      underWay += bytes;
      if (paused || underWay <= highWater) return;
      paused = true;
      source.pause();
    },
    shown(bytes) {
      // A renderer that claims more than it got must not open the gates for ever.
      underWay = Math.max(0, underWay - bytes);
      if (!paused || underWay > lowWater) return;
      paused = false;
      source.resume();
    },
  };
}
