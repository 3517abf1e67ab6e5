import { expect, test } from 'vitest';

import { DiagnosticsError, LabError } from '#core/model/errors.ts';
import { answer, type Handlers } from '../../../electron/main/answer.ts';

/** Handlers of which only some are ever called. */
function handlersWith(some: Partial<Handlers>): Handlers {
  return some as Handlers;
}

test('an answer carries the value that its handler gave', async () => {
  const handlers = handlersWith({ 'config.diff': ({ against }) => Promise.resolve({ diff: against }) });
  expect(await answer(handlers, 'config.diff', { against: 'start' })).toEqual({ ok: true, value: { diff: 'start' } });
});

test.each([
  ['a call that there is not', 'network.explode', {}, 'unknown-call'],
  ['a name that every object inherits', 'constructor', {}, 'unknown-call'],
  ['a name that is none', 7, {}, 'unknown-call'],
  ['arguments that are missing', 'config.diff', undefined, 'malformed'],
  ['arguments that are too many', 'config.diff', { against: 'start', more: 1 }, 'malformed'],
  ['a way out of the results', 'run.read', { run: '../../etc' }, 'malformed'],
  ['a path that leads upwards', 'run.evidence', { run: '20261125T150957Z-c996', file: 'a/../../b' }, 'malformed'],
])('%s is refused before any handler sees it', async (_what, name, args, code) => {
  const result = await answer(handlersWith({}), name, args);
  expect(result).toMatchObject({ ok: false, error: { code } });
});

test('an error crosses with its code, its hint and its places', async () => {
  const place = { file: 'lab.yml', line: 3, column: 5, message: 'there is no probe x', hint: 'breakwater labs' };
  const throwing = (error: Error): Handlers => handlersWith({ 'config.diff': () => Promise.reject(error) });
  const ask = (error: Error) => answer(throwing(error), 'config.diff', { against: 'start' });
  expect(await ask(new LabError('usage', 'no', { hint: 'yes' }))).toEqual({
    ok: false,
    error: { code: 'usage', message: 'no', hint: 'yes' },
  });
  expect(await ask(new DiagnosticsError([place]))).toEqual({
    ok: false,
    error: {
      code: 'invalid-file',
      message: '1 problem found\nthere is no probe x',
      hint: 'breakwater labs',
      at: [{ file: 'lab.yml', line: 3, column: 5 }],
    },
  });
  expect(await ask(new TypeError('a bug'))).toMatchObject({ ok: false, error: { code: 'fault' } });
});

test('a result that breaks the contract is a fault, not an answer', async () => {
  const handlers = handlersWith({ 'config.diff': () => Promise.resolve({ diff: 7 } as never) });
  expect(await answer(handlers, 'config.diff', { against: 'start' })).toMatchObject({
    ok: false,
    error: { code: 'fault' },
  });
});
