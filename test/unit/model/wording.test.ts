import { expect, test } from 'vitest';

import type { CheckKind } from '#core/model/lab.ts';
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
  const wordsOf = (kind: CheckKind, role: Attempt['role']): string[] =>
    [true, false].map((succeeded) => outcomeOf(kind, { ...attempt, role, succeeded }).word);
  expect(wordsOf('abuse', 'try')).toEqual(['got through', 'stopped']);
  expect(wordsOf('inspection', 'try')).toEqual(['found', 'not found']);
  expect(wordsOf('abuse', 'canary')).toEqual(['works', 'does not work']);
  expect(outcomeOf('inspection', { ...attempt, sent: false, succeeded: false }).tone).toBe('unseen');
});
