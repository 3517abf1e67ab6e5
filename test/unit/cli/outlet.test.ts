import { Writable } from 'node:stream';

import { expect, test } from 'vitest';

import { exitCodeAtEnd } from '../../../cli/exit-codes.ts';
import { outletOf } from '../../../cli/outlet.ts';

const failing = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}: no`), { code });

/** A stream that takes so many writes and then none, in the way that one kind of file or another has it. */
function streamOf(
  takes: number,
  error: Error,
  how: 'later' | 'at once' | 'thrown',
): { stream: Writable; got: string[] } {
  const got: string[] = [];
  let count = 0;
  const stream = new Writable({
    autoDestroy: false,
    write(chunk: Buffer, _encoding, done) {
      count += 1;
      if (count <= takes) {
        got.push(chunk.toString());
        done();
      } else if (how === 'later') setImmediate(done, error);
      else done(error);
    },
  });
  if (how === 'thrown') {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = ((...args: unknown[]) => {
      if (got.length >= takes) throw error;
      return write(...args);
    }) as typeof stream.write;
  }
  return { stream, got };
}

test.each(['later', 'at once', 'thrown'] as const)('a full device is a loss, and the work goes on: %s', async (how) => {
  const error = failing('ENOSPC');
  const { stream, got } = streamOf(1, error, how);
  const outlet = outletOf(stream);
  for (const text of ['one', 'two', 'three']) outlet.write(text);
  await outlet.flushed();
  expect(got).toEqual(['one']);
  expect([outlet.loss(), outlet.gone.aborted]).toEqual([error, true]);
  outlet.write('four');
  await outlet.flushed();
  expect(got).toEqual(['one']);
});

test('whoever closes the pipe has read enough', async () => {
  const outlet = outletOf(streamOf(0, failing('EPIPE'), 'later').stream);
  outlet.write('one');
  await outlet.flushed();
  expect([outlet.loss(), outlet.gone.aborted]).toEqual([undefined, true]);
});

test('what arrives is no loss', async () => {
  const { stream, got } = streamOf(9, failing('ENOSPC'), 'later');
  const outlet = outletOf(stream);
  outlet.write('one');
  outlet.write('two');
  await outlet.flushed();
  expect([got.join(' ').trim(), outlet.loss(), outlet.gone.aborted]).toEqual(['one two', undefined, false]);
});

test.each([
  { outcome: { code: 0, judged: true }, lost: true, code: 0 },
  { outcome: { code: 1, judged: true }, lost: true, code: 1 },
  { outcome: { code: 3, judged: true }, lost: true, code: 3 },
  { outcome: { code: 0, judged: false }, lost: true, code: 3 },
  { outcome: { code: 2, judged: false }, lost: true, code: 2 },
  { outcome: { code: 0, judged: false }, lost: false, code: 0 },
])('$outcome with output that is lost: $lost, ends with $code', ({ outcome, lost, code }) => {
  expect(exitCodeAtEnd(outcome, lost ? failing('ENOSPC') : undefined)).toBe(code);
});
