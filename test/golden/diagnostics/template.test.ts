import { describe, it } from 'vitest';

import { readText } from '#core/load/read-file.ts';
import { renderTemplate } from '#core/load/render-template.ts';
import { type Facts, factsOf } from '#core/model/facts.ts';

import { expectGolden } from '../expect-golden.ts';
import { casesOf, complaintsOf, fixture, smallPlan } from './cases.ts';

const facts = factsOf(smallPlan, 'pe1') as Facts;

describe('a broken template is explained', () => {
  it.each(casesOf('template', '.j2'))('%s', (name) => {
    const [folder, path] = [fixture('template'), `${name}.j2`];
    const said = complaintsOf(
      () => renderTemplate({ folder, path, text: readText(`${folder}/${path}`), facts }),
      folder,
    );
    expectGolden(said, `template/${name}.expected.txt`, import.meta.url);
  });
});
