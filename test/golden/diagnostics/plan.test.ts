import { describe, it } from 'vitest';

import { loadControls } from '#core/load/load-controls.ts';
import { loadPlan } from '#core/load/load-plan.ts';

import { expectGolden } from '../expect-golden.ts';
import { casesOf, complaintsOf, fixture, smallTopology } from './cases.ts';

describe('a broken plan is explained', () => {
  it.each(casesOf('plan', '.yml'))('%s', (name) => {
    const said = complaintsOf(() => loadPlan(fixture(`plan/${name}.yml`), smallTopology), fixture('plan'));
    expectGolden(said, `plan/${name}.expected.txt`, import.meta.url);
  });
});

describe('a broken catalogue is explained', () => {
  it.each(casesOf('controls', '.yml'))('%s', (name) => {
    const said = complaintsOf(() => loadControls(fixture(`controls/${name}.yml`)), fixture('controls'));
    expectGolden(said, `controls/${name}.expected.txt`, import.meta.url);
  });
});
