import { describe, it } from 'vitest';

import { loadTopology } from '#core/load/load-topology.ts';

import { expectGolden } from '../expect-golden.ts';
import { casesOf, complaintsOf, fixture } from './cases.ts';

describe('a broken topology is explained', () => {
  it.each(casesOf('topology', '.clab.yml'))('%s', (name) => {
    const said = complaintsOf(() => loadTopology(fixture(`topology/${name}.clab.yml`)), fixture('topology'));
    expectGolden(said, `topology/${name}.expected.txt`, import.meta.url);
  });
});
