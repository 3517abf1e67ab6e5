import { expect, test } from 'vitest';

import { withDeadline } from '#core/checks/deadline.ts';

test('work that ignores its deadline is given up after the grace', async () => {
  const never = withDeadline(20, new AbortController().signal, () => new Promise(() => {}), 20);
  await expect(never).rejects.toMatchObject({ code: 'timeout', message: 'no result within 0.02 s' });
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
