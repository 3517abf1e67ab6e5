import { expect, test } from 'vitest';

import type { Control } from '#core/model/control.ts';
import type { LabSummary } from '../../../electron/contract/catalogue.ts';
import { everything, levelOf, matchesControl } from '../../../renderer/features/catalogue/filter.ts';

const control: Control = {
  id: 'mail/open-relay',
  title: 'No open relay',
  sections: ['RFC3013 §5.3'],
  level: 'MUST',
  class: 'A',
  lab: 'mail/open-relay',
};
const lab: LabSummary = {
  id: 'mail/open-relay',
  title: 'Close the relay',
  summary: '',
  minutes: 30,
  controls: [control.id],
  nodes: [],
  progress: 'begun',
};

test.each([
  ['SHOULD (RFC), should (draft)', 'should'],
  ['SHOULD NOT', 'should'],
  ['MUST', 'must'],
  ['SHOULD (RFC); must (draft)', 'must'],
  ['MAY', 'may'],
  ['advice (should not)', 'advice'],
])('the level of %s is %s', (level, expected) => {
  expect(levelOf({ ...control, level })).toBe(expected);
});

test('every word of a search has to be somewhere', () => {
  expect(matchesControl(control, lab, { ...everything, text: '5.3 close' })).toBe(true);
  expect(matchesControl(control, lab, { ...everything, text: '5.3 open shut' })).toBe(false);
});

test('states tell labs by progress, and controls without one', () => {
  const states = (it: LabSummary | undefined): unknown =>
    (['lab', 'open', 'passed', 'none'] as const).filter((state) =>
      matchesControl(control, it, { ...everything, state }),
    );
  expect(states(lab)).toEqual(['lab', 'open']);
  expect(states({ ...lab, progress: 'passed' })).toEqual(['lab', 'passed']);
  expect(states(undefined)).toEqual(['none']);
});
