import { expect, test } from 'vitest';

import { createTruth } from '../../../electron/main/truth.ts';

function truthWithLog() {
  const told: string[] = [];
  const truth = createTruth('1.0.0', (name, event) => told.push(`${name} ${JSON.stringify(event).slice(0, 40)}`));
  return { truth, told };
}

test('every change raises the revision by one', () => {
  const { truth, told } = truthWithLog();
  truth.change({ network: null });
  truth.change({ demo: null });
  expect(truth.snapshot().revision).toBe(2);
  expect(told).toEqual([
    'state.changed {"revision":1,"snapshot":{"revision":1,"',
    'state.changed {"revision":2,"snapshot":{"revision":2,"',
  ]);
});

test('a task shows its last message while it goes on, and leaves nothing', async () => {
  const { truth } = truthWithLog();
  const work = truth.during('network.up', ({ onProgress }) => {
    onProgress('wiring');
    expect(truth.snapshot().tasks).toEqual([{ task: 'network.up', message: 'wiring' }]);
    return Promise.resolve('done');
  });
  expect(await work).toBe('done');
  expect(truth.snapshot().tasks).toEqual([]);
});

test('two tasks on one network are refused, on different networks they are not', async () => {
  const { truth } = truthWithLog();
  let finish = (): void => {};
  const up = truth.during('network.up', () => new Promise<void>((resolve) => (finish = resolve)));
  await expect(truth.during('run.check', () => Promise.resolve())).rejects.toThrow(
    'network.up is going on; run.check has to wait',
  );
  expect(await truth.during('demo.open', () => Promise.resolve('beside it'))).toBe('beside it');
  finish();
  await up;
  expect(await truth.during('run.check', () => Promise.resolve('now'))).toBe('now');
});

test('a task that is cancelled has ended when cancel returns, and its lane is free', async () => {
  const { truth } = truthWithLog();
  const check = truth.during(
    'run.check',
    ({ signal }) =>
      new Promise<void>((_resolve, reject) =>
        signal.addEventListener('abort', () => setTimeout(() => reject(new Error('cancelled')), 5)),
      ),
  );
  const became = check.catch((error: Error) => error.message);
  await Promise.resolve();
  await truth.cancel('run.check');
  expect(await became).toBe('cancelled');
  expect(truth.snapshot().tasks).toEqual([]);
});
