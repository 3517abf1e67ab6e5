import { expect, test } from 'vitest';

import { advance } from '../../../electron/main/run-progress.ts';

test('a run is followed check by check, and begins anew after the restart', () => {
  const checks = [{ id: 'a', kind: 'abuse' as const, title: 'A' }];
  const started = advance(null, { type: 'lab.started', lab: 'x/y', title: 'Y', phase: 'now', checks });
  expect(started).toEqual({ lab: 'x/y', phase: 'now', checks: [{ ...checks[0], state: 'waiting' }] });
  const running = advance(started, { type: 'check.started', lab: 'x/y', check: 'a', phase: 'now' });
  expect(running?.checks[0]?.state).toBe('running');
  const again = advance(running, { type: 'lab.started', lab: 'x/y', title: 'Y', phase: 'restarted', checks });
  expect(again).toMatchObject({ phase: 'restarted', checks: [{ state: 'waiting' }] });
});
