import { expect, test } from 'vitest';

import { coverageBySection } from '#core/appliance/coverage.ts';
import type { Control } from '#core/model/control.ts';

const control = (id: string, sections: string[], lab?: string): Control => ({
  id,
  title: id,
  sections,
  level: 'SHOULD',
  class: 'A',
  ...(lab === undefined ? {} : { lab }),
});

test('sections are counted in the order of the documents, the RFC first, and numbers as numbers', () => {
  const { sections } = coverageBySection(
    ['draft §2', 'RFC3013 §4.10', 'RFC3013 §4.2', 'draft §10', 'RFC3013 §5'].map((section, index) =>
      control(`area/control-${index}`, [section]),
    ),
  );
  expect(sections.map((it) => it.section)).toEqual([
    'RFC3013 §4.2',
    'RFC3013 §4.10',
    'RFC3013 §5',
    'draft §2',
    'draft §10',
  ]);
});

test('a control that two sections ask for counts in each, and once in the sum', () => {
  const { sections, total } = coverageBySection([
    control('mail/open-relay', ['RFC3013 §5.2', 'draft §5.7'], 'mail/open-relay'),
    control('mail/spf', ['draft §5.7']),
  ]);
  expect(total).toEqual({ controls: 2, covered: 1 });
  expect(sections).toEqual([
    { section: 'RFC3013 §5.2', controls: ['mail/open-relay'], covered: ['mail/open-relay'] },
    { section: 'draft §5.7', controls: ['mail/open-relay', 'mail/spf'], covered: ['mail/open-relay'] },
  ]);
});
