import { describe, it } from 'vitest';

import { loadOverlay } from '#core/load/load-configs.ts';

import { expectGolden } from '../expect-golden.ts';
import { casesOf, complaintsOf, smallTopology, withCopy } from './cases.ts';

describe('a folder of configurations that does not fit is explained', () => {
  it.each(casesOf('configs', ''))('%s', (name) => {
    const said = withCopy([`configs/${name}`], 'configs', (folder) =>
      complaintsOf(() => loadOverlay(folder, smallTopology), folder),
    );
    expectGolden(said, `configs/${name}.expected.txt`, import.meta.url);
  });
});
