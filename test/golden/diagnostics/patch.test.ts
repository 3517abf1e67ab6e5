import { describe, it } from 'vitest';

import { loadPatch } from '#core/load/load-patch.ts';

import { expectGolden } from '../expect-golden.ts';
import { casesOf, complaintsOf, fixture } from './cases.ts';

const context = {
  kind: 'reject',
  nodes: ['br1', 'pe1', 'a1'],
  checks: ['spoofed-sources', 'ordinary-traffic'],
} as const;

describe('a broken patch is explained', () => {
  it.each(casesOf('patch', '.patch'))('%s', (name) => {
    const said = complaintsOf(() => loadPatch(fixture(`patch/${name}.patch`), context), fixture('patch'));
    expectGolden(said, `patch/${name}.expected.txt`, import.meta.url);
  });
});
