import { setTimeout as pause } from 'node:timers/promises';

/**
 * Looks again and again until `look` returns, and gives back what it returned. When the deadline
 * passes, its last complaint is the failure: a test then says what was missing, not that time was over.
 */
export async function awaitState<T>(look: () => Promise<T>, deadlineMs = 15_000): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await look();
    } catch (complaint) {
      if (performance.now() > deadline) throw complaint;
    }
    await pause(100);
  }
}
