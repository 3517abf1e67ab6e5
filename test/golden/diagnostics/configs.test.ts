import { describe, it } from 'vitest';

import { loadOverlay } from '#core/load/load-configs.ts';

import { expectGolden } from '../expect-golden.ts';
import { casesOf, complaintsOf, fixture, smallPlan, smallTopology } from './cases.ts';

describe('a folder of configurations that does not fit is explained', () => {
  it.each(casesOf('configs', ''))('%s', (name) => {
    const folder = fixture(`configs/${name}`);
    const said = complaintsOf(() => loadOverlay(folder, smallTopology, smallPlan), folder);
    expectGolden(said, `configs/${name}.expected.txt`, import.meta.url);
  });
});
