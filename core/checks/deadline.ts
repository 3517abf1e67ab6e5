import { setMaxListeners } from 'node:events';

import { LabError } from '../model/errors.ts';

/**
 * Does `work` within `timeoutMs`. The signal it gets fires at the deadline and when `outer` fires;
 * after that `work` has `graceMs` to put back what it changed, and is then given up.
 * @throws LabError `timeout` at the deadline, `cancelled` when `outer` fired, or what `work` threw before.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  graceMs = 5000,
): Promise<T> {
  const controller = new AbortController();
  // A probe runs dozens of commands at once, and each listens; Node warns of a leak from the eleventh on.
  setMaxListeners(0, controller.signal);
  const cancel = (): void => controller.abort(new LabError('cancelled', 'cancelled', { cause: outer.reason }));
  const expire = (): void => controller.abort(new LabError('timeout', `no result within ${timeoutMs / 1000} s`));
  let giveUp: NodeJS.Timeout | undefined;
  outer.addEventListener('abort', cancel, { once: true });
  const timer = setTimeout(expire, timeoutMs);
  try {
    const { signal } = controller;
    const givenUp = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        giveUp = setTimeout(() => reject(signal.reason as LabError), graceMs);
      });
    });
    if (outer.aborted) cancel();
    const result = await Promise.race([work(signal), givenUp]);
    // A listener that was cut short has heard too little: silence from it would pass for proof.
    signal.throwIfAborted();
    return result;
  } catch (error) {
    // What a probe throws after the abort is an echo of it; the abort is the reason.
    throw controller.signal.aborted ? (controller.signal.reason as LabError) : error;
  } finally {
    clearTimeout(timer);
    clearTimeout(giveUp);
    outer.removeEventListener('abort', cancel);
  }
}
