import { expect, test } from 'vitest';

import { UndoGivenUp, withDeadline } from '#core/checks/deadline.ts';

test('work that ignores its deadline is given up after the grace', async () => {
  const never = withDeadline(20, new AbortController().signal, () => new Promise(() => {}), {
    graceMs: 20,
  });
  await expect(never).rejects.toBeInstanceOf(UndoGivenUp);
  await expect(never).rejects.toMatchObject({
    code: 'timeout',
    message: 'no result within 0.02 s, and what was changed was not put back within 0.02 s',
  });
});

test('who waits for the undo is told when it begins and when it has ended', async () => {
  const told: string[] = [];
  const work = withDeadline(
    20,
    new AbortController().signal,
    async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 50));
      told.push('put back');
    },
    {
      graceMs: 5000,
      begins: (done) => {
        told.push('begins');
        void done.then(() => told.push('done'));
      },
    },
  );
  await expect(work).rejects.toMatchObject({ message: 'no result within 0.02 s' });
  expect(told).toEqual(['begins', 'put back', 'done']);
});

test('what work throws before its deadline is what is thrown', async () => {
  const broken = withDeadline(1000, new AbortController().signal, () => Promise.reject(new RangeError('7')));
  await expect(broken).rejects.toThrow(RangeError);
});

test('work that starts after the cancellation sees it', async () => {
  const work = withDeadline(1000, AbortSignal.abort(), (signal) => Promise.resolve(signal.aborted));
  await expect(work).rejects.toMatchObject({ code: 'cancelled' });
});

test('no timer outlives work that was done in time', async () => {
  const before = process.getActiveResourcesInfo().filter((it) => it === 'Timeout').length;
  expect(await withDeadline(60_000, new AbortController().signal, () => Promise.resolve(7))).toBe(7);
  expect(process.getActiveResourcesInfo().filter((it) => it === 'Timeout').length).toBe(before);
});
