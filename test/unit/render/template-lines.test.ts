import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { renderTemplate, renderWithLines } from '#core/load/render-template.ts';
import { markLines, readMarks } from '#core/load/template-lines.ts';
import type { Facts } from '#core/model/facts.ts';

const folder = mkdtempSync(join(tmpdir(), 'breakwater-template-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'templates'));
writeFileSync(join(folder, 'templates', 'part.j2'), '{# a part #}\nfirst of the part\n  second {{ name }}\n');

const facts = { name: 'pe1', customers: [{ name: 'a' }, { name: 'b' }] } as unknown as Facts;

function render(text: string) {
  const source = { folder, path: 'pe1/etc/x.j2', text, facts };
  const rendered = renderWithLines(source);
  expect(rendered.text).toBe(renderTemplate(source));
  return rendered.text
    .split('\n')
    .map((line, index) => [line, rendered.lines?.[index]?.path, rendered.lines?.[index]?.line])
    .filter(([line]) => line !== '');
}

const own = 'pe1/etc/x.j2';
const part = 'templates/part.j2';

describe('each rendered line is known by the line of the template', () => {
  test('loops repeat it, and tags of their own lines do not shift it', () => {
    expect(
      render(
        '{# head\n   of it #}\none\n{% for it in customers %}\n  customer {{ it.name }}\n{% endfor %}\n{{ name }}\nlast',
      ),
    ).toEqual([
      ['one', own, 3],
      ['  customer a', own, 5],
      ['  customer b', own, 5],
      ['pe1', own, 7],
      ['last', own, 8],
    ]);
  });

  test('what is included has its own', () => {
    expect(render('one\n{% include "templates/part.j2" %}\nlast')).toEqual([
      ['one', own, 1],
      ['first of the part', part, 2],
      ['  second pe1', part, 3],
      ['last', own, 3],
    ]);
  });

  test('tags that take blanks away do so as before', () => {
    expect(
      render(
        'a {%- if name %} b\n   {{- name }}\n  c {%- endif %}\n{%- for it in customers -%}\n\n  [{{ it.name }}]\n{%- endfor %}\nend',
      ),
    ).toEqual([
      ['a bpe1', own, 1],
      ['  c[a][b]end', own, 3],
    ]);
  });

  test('an expression over several lines stays whole', () => {
    expect(render('x {{ [\n  name,\n  name\n] | join("+") }}\nend')).toEqual([
      ['x pe1+pe1', own, 1],
      ['end', own, 5],
    ]);
  });
});

test('a template that measures its own text has no lines rather than wrong ones', () => {
  const rendered = renderWithLines({
    folder,
    path: own,
    text: '{% set x %}\nabc\n{% endset %}{{ x | length }}',
    facts,
  });
  expect(rendered.lines).toBeUndefined();
});

test('marks come off again', () => {
  const text = 'one\n  two {{ x }}\n\n{{ y }}';
  const { text: back, lines } = readMarks(markLines(text, own));
  expect(back).toBe(text);
  expect(lines.map((it) => it?.line)).toEqual([1, 2, 2, 4]);
});
