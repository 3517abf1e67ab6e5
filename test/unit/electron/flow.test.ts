import { expect, test } from 'vitest';

import { createFlow } from '../../../electron/main/terminals/flow.ts';

const kib = 1024;

function flowWithLog() {
  const log: string[] = [];
  return { log, flow: createFlow({ pause: () => log.push('pause'), resume: () => log.push('resume') }) };
}

test('a source that runs ahead waits once, and goes on when most was shown', () => {
  const { flow, log } = flowWithLog();
  flow.sent(512 * kib);
  expect(log).toEqual([]);
  flow.sent(1);
  flow.sent(100 * kib);
  expect(log).toEqual(['pause']);
  flow.shown(400 * kib);
  expect(log).toEqual(['pause']);
  flow.shown(100 * kib);
  expect(log).toEqual(['pause', 'resume']);
});

test('a claim to have shown more than was sent is worth nothing', () => {
  const { flow, log } = flowWithLog();
  flow.shown(1e9);
  flow.sent(512 * kib + 1);
  expect(log).toEqual(['pause']);
});
