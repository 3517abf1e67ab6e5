import { expect, test } from 'vitest';

import { coverageBySection } from '#core/appliance/coverage.ts';
import type { Control, Statement } from '#core/model/control.ts';

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
    [],
  );
  expect(sections.map((it) => it.section)).toEqual([
    'RFC3013 §4.2',
    'RFC3013 §4.10',
    'RFC3013 §5',
    'draft §2',
    'draft §10',
  ]);
});

test('a control that two sections ask for counts in each, and once in the sum; a statement where it stands', () => {
  const statement = (id: string, section: string, answeredBy: string): Statement => ({
    id,
    section,
    level: 'SHOULD',
    says: id,
    control: answeredBy,
  });
  const { sections, total } = coverageBySection(
    [
      control('mail/open-relay', ['RFC3013 §5.2', 'draft §5.7'], 'mail/open-relay'),
      control('mail/spf', ['draft §5.7']),
    ],
    [
      statement('R5.2a', 'RFC3013 §5.2', 'mail/open-relay'),
      statement('D5.7a', 'draft §5.7', 'mail/open-relay'),
      statement('D5.7b', 'draft §5.7', 'mail/spf'),
    ],
  );
  expect(total).toEqual({ controls: 2, covered: 1, statements: 3, exercised: 2 });
  expect(sections).toEqual([
    {
      section: 'RFC3013 §5.2',
      controls: ['mail/open-relay'],
      covered: ['mail/open-relay'],
      statements: ['R5.2a'],
      exercised: ['R5.2a'],
    },
    {
      section: 'draft §5.7',
      controls: ['mail/open-relay', 'mail/spf'],
      covered: ['mail/open-relay'],
      statements: ['D5.7a', 'D5.7b'],
      exercised: ['D5.7a'],
    },
  ]);
});
