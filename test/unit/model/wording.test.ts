import { expect, test } from 'vitest';

import type { Attempt } from '#core/model/observation.ts';
import { outcomeOf } from '#core/model/wording.ts';

const attempt: Attempt = {
  label: 'no contact',
  role: 'try',
  from: 'remote',
  to: 'www',
  sent: true,
  succeeded: true,
  seen: '',
  repeat: '',
};

test('an attack gets through or is stopped, a fault is found or not', () => {
  const wordsOf = (more: Partial<Attempt>): string[] =>
    [true, false].map((succeeded) => outcomeOf('abuse', { ...attempt, ...more, succeeded }).word);
  expect(wordsOf({})).toEqual(['got through', 'stopped']);
  expect(wordsOf({ fault: true })).toEqual(['found', 'not found']);
  expect(wordsOf({ role: 'canary' })).toEqual(['works', 'does not work']);
  expect(outcomeOf('abuse', { ...attempt, fault: true, sent: false, succeeded: false }).tone).toBe('unseen');
});
