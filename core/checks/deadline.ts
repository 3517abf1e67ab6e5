import { setMaxListeners } from 'node:events';

import { LabError } from '../model/errors.ts';

/** How long after its signal a work may take to put back what it changed, and who is told when it begins to. */
export interface Undo {
  readonly graceMs: number;
  /** Settles when it has, or is given up. */
  begins?(done: Promise<void>): void;
}

/** What was changed is not put back in time: whoever looks next would see what it did. */
export class UndoGivenUp extends LabError {}

/**
 * Does `work` within `timeoutMs`. The signal it gets fires at the deadline and when `outer` fires;
 * after that `work` has its grace to put back what it changed, and is then given up.
 * @throws LabError `timeout` at the deadline, `cancelled` when `outer` fired, or what `work` threw before;
 * UndoGivenUp, with the same code, when the work has not ended.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  { graceMs, begins }: Undo = { graceMs: 5000 },
): Promise<T> {
  const controller = new AbortController();
  // A probe runs dozens of commands at once, and each listens; Node warns of a leak from the eleventh on.
  setMaxListeners(0, controller.signal);
  const cancel = (): void => controller.abort(new LabError('cancelled', 'cancelled', { cause: outer.reason }));
  const expire = (): void => controller.abort(new LabError('timeout', `no result within ${timeoutMs / 1000} s`));
  let giveUp: NodeJS.Timeout | undefined;
  let givenUpWith: UndoGivenUp | undefined;
  outer.addEventListener('abort', cancel, { once: true });
  const timer = setTimeout(expire, timeoutMs);
  try {
    const { signal } = controller;
    let settled = (): void => {};
    const done = new Promise<void>((resolve) => (settled = resolve));
    const givenUp = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        begins?.(done);
        giveUp = setTimeout(() => {
          const { code, message } = signal.reason as LabError;
          givenUpWith = new UndoGivenUp(
            code,
            `${message}, and what was changed was not put back within ${graceMs / 1000} s`,
          );
          reject(givenUpWith);
        }, graceMs);
      });
    });
    if (outer.aborted) cancel();
    const result = await Promise.race([work(signal), givenUp]).finally(() => settled());
    // A listener that was cut short has heard too little: silence from it would pass for proof.
    signal.throwIfAborted();
    return result;
  } catch (error) {
    // What a probe throws after the abort is an echo of it; the abort is the reason.
    throw givenUpWith ?? (controller.signal.aborted ? (controller.signal.reason as LabError) : error);
  } finally {
    clearTimeout(timer);
    clearTimeout(giveUp);
    outer.removeEventListener('abort', cancel);
  }
}
