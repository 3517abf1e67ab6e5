import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';

import { openAppliance } from '#core/appliance/appliance.ts';
import type { Image } from '#core/image/store.ts';
import { loadOverlay } from '#core/load/load-configs.ts';
import type { OverlaySource } from '#core/model/config-file.ts';
import { runContained, templateEngine } from '#core/render/engine.ts';
import { renderOverlay } from '#core/render/render-overlay.ts';

import { laterComplaintsOf, smallPlan, smallTopology } from '../../golden/diagnostics/cases.ts';
import { expectGolden } from '../../golden/expect-golden.ts';

/** Templates on the real engine: Jinja2 with the filters of Ansible, in its container. */

let image: Image;
beforeAll(async () => {
  image = await (await openAppliance('test')).image();
}, 600_000);

const here = import.meta.dirname;
const render = (source: OverlaySource) => renderOverlay(source, smallPlan, templateEngine(image));

/** A folder that has these texts; those that end so are templates of pe1. */
function sourceOf(texts: Readonly<Record<string, string>>): OverlaySource {
  const templates = Object.keys(texts)
    .filter((it) => it.endsWith('.j2') && !it.startsWith('templates/'))
    .map((template) => ({ path: `pe1/etc/${template.slice(0, -'.j2'.length)}`, template }));
  return { folder: '/team', files: [], absent: [], templates, texts };
}

async function rendered(text: string, others: Readonly<Record<string, string>> = {}): Promise<string> {
  const { files } = await render(sourceOf({ 'x.j2': text, ...others }));
  return files[0]?.content.toString() ?? '';
}

/** Each rendered line that is not empty, with the template and the line that it comes from. */
async function linesOf(text: string): Promise<unknown[]> {
  const part = '{# a part #}\nfirst of the part\n  second {{ name }}\n';
  const { files } = await render(sourceOf({ 'x.j2': text, 'templates/part.j2': part }));
  const [file] = files;
  return (file?.content.toString() ?? '')
    .split('\n')
    .map((line, index) => {
      const from = file?.template?.lines?.[index];
      return [line, from?.path, from?.line];
    })
    .filter(([line]) => line !== '');
}

describe('a template', () => {
  test('says the facts of its node', async () => {
    expect(await rendered('{{ name }} {{ as }} {{ loopback.v6 }} {{ hosts.mx.v4 }}')).toBe(
      'pe1 64496 2001:db8:0:ffff::51 192.0.2.4',
    );
  });

  test('changes nothing for the next one', async () => {
    const { files } = await render(
      sourceOf({ 'a.j2': "{% set _ = names.append('x') %}{{ names | length }}", 'b.j2': '{{ names | length }}' }),
    );
    const [a, b] = files.map((it) => Number(it.content.toString()));
    expect(a).toBe((b ?? 0) + 1);
  });
});

describe('each rendered line is known by the line of the template', () => {
  test('loops repeat it, and tags of their own lines do not shift it', async () => {
    expect(
      await linesOf(
        '{# head\n   of it #}\none\n{% for it in interfaces %}\n  interface {{ it.name }}\n{% endfor %}\n{{ name }}\nlast',
      ),
    ).toEqual([
      ['one', 'x.j2', 3],
      ['  interface to_br1', 'x.j2', 5],
      ['  interface to_a1', 'x.j2', 5],
      ['pe1', 'x.j2', 7],
      ['last', 'x.j2', 8],
    ]);
  });

  test('what is included has its own', async () => {
    expect(await linesOf('one\n{% include "part.j2" %}\n\nlast')).toEqual([
      ['one', 'x.j2', 1],
      ['first of the part', 'templates/part.j2', 2],
      ['  second pe1', 'templates/part.j2', 3],
      ['last', 'x.j2', 4],
    ]);
  });

  test('tags that take blanks away do so as before, and an expression over several lines stays whole', async () => {
    expect(
      await linesOf(
        'a {%- if name %} b\n   {{- name }}\n  c {%- endif %}\n\nx {{ [\n  name,\n  name\n] | join("+") }}\nend',
      ),
    ).toEqual([
      ['a bpe1', 'x.j2', 1],
      ['  c', 'x.j2', 3],
      ['x pe1+pe1', 'x.j2', 5],
      ['end', 'x.j2', 9],
    ]);
  });

  test('a template that measures its own text has no lines rather than wrong ones', async () => {
    const { files } = await render(sourceOf({ 'x.j2': '{% set x %}\nabc\n{% endset %}{{ x | length }}' }));
    expect(files[0]?.template?.lines).toBeUndefined();
  });
});

describe('what does not render is explained', () => {
  const folder = join(here, 'broken');
  const texts = textsBelow(folder, '.j2');
  let said = new Map<string, string>();
  beforeAll(async () => {
    const words = await laterComplaintsOf(async () => render(sourceOf(texts)), '/team');
    said = new Map(words.split(/\n(?=\S)/).map((it) => [it.slice(0, it.indexOf(':')), `${it.trimEnd()}\n`]));
  });

  test.each(Object.keys(texts).filter((it) => !it.startsWith('templates/')))('%s', (name) => {
    // It is the template that it includes which is at fault.
    const key = name === 'error-in-an-include.j2' ? 'templates/bgp.j2' : name;
    expectGolden(
      said.get(key) ?? 'nothing was said\n',
      `broken/${name.replace(/j2$/, 'expected.txt')}`,
      import.meta.url,
    );
  });

  test('all templates of a run at once', async () => {
    const own = join(here, 'many/own');
    const words = await laterComplaintsOf(async () => render(loadOverlay(own, smallTopology)), own);
    expectGolden(words, 'many/expected.txt', import.meta.url);
  });
});

describe('what Ansible renders', () => {
  const folder = join(here, '../../golden/ansible');
  const expected = textsBelow(join(folder, 'expected'));
  let files = new Map<string, string>();
  beforeAll(async () => {
    const { topology, plan } = await openAppliance('test');
    const overlay = await renderOverlay(loadOverlay(join(folder, 'configs'), topology), plan, templateEngine(image));
    files = new Map(overlay.files.map((it) => [it.path, it.content.toString()]));
  });

  test('is what there is', () => {
    expect([...files.keys()].toSorted()).toEqual(Object.keys(expected).toSorted());
    expect(files.size).toBeGreaterThanOrEqual(40);
  });

  test.each(Object.keys(expected))('%s', (path) => {
    expect(files.get(path)).toBe(expected[path]);
  });
});

test('a name that is not there is an error in its line, and no empty list', async () => {
  const { topology, plan } = await openAppliance('test');
  const own = join(here, 'misspelt');
  const words = await laterComplaintsOf(
    async () => renderOverlay(loadOverlay(own, topology), plan, templateEngine(image)),
    own,
  );
  expect(words).toBe(
    'pe1/etc/nftables.conf.j2:11:20 "custmers" is undefined\n  expected a fact of pe1\n  hint: did you mean "customers"?\n',
  );
});

test('the filters and tests that the documentation names are there', async () => {
  const text = readFileSync(join(here, '../../../docs/testing-your-templates.md'), 'utf8');
  const list = /<!-- begin filters -->(.*)<!-- end filters -->/s.exec(text)?.[1] ?? '';
  const lists = [...list.matchAll(/^- (filters|tests) of `(.*?)`: ([^-]*)/gm)].map(([, kind, long, names = '']) => {
    const sign = kind === 'tests' ? 'is' : '|';
    return names
      .trim()
      .split(/\s+/)
      .flatMap((name) => [`{{ x ${sign} ${name} }}`, `{{ x ${sign} ${long}.${name} }}`]);
  });
  expect(lists.map((it) => it.length >= 20)).toEqual([true, true, true, true]);
  // Only compiled: each wants arguments of its own.
  const used = lists.flat();
  expect(await rendered(`{% macro all(x) %}${used.join('')}{% endmacro %}ok`)).toBe('ok');
  // Run, too: one may be there and want a package that is not.
  const texts = used.map((it, index) => [`${index}.j2`, `{% set x = 'a' %}${it}`]);
  const said = await laterComplaintsOf(async () => render(sourceOf(Object.fromEntries(texts))), '/team');
  expect(said).toContain('does not render');
  expect(said).not.toMatch(/must be installed|No module named|No (?:filter|test) named/);
});

describe('a hostile template', () => {
  test.each([
    ['walks up from a value', "{{ ''.__class__.__mro__[1].__subclasses__() }}", /unsafe/],
    [
      'walks up by an attribute that a filter reads',
      "{{ [1] | map(attribute='__class__') | list }}",
      /unsafe|undefined/,
    ],
    ['walks up by the format of a text', "{{ '{0.__class__}'.format(name) }}", /unsafe|undefined/],
    ['walks up by a filter for attributes', "{{ name | attr('__class__') }}", /unsafe|undefined/],
    ['walks up by the format of a mapping', "{{ '{a.__class__}'.format_map({'a': 1}) }}", /unsafe|undefined/],
    [
      'hands the format of a text to a filter',
      "{{ name | regex_replace('pe1', '{0.__class__}'.format) }}",
      /unsafe|undefined/,
    ],
    ['sorts by the format of a text', "{{ ['b', 'a'].sort(key='{0.__class__}'.format) }}", /unsafe|undefined/],
    ['walks up from a function', '{{ lookup.__globals__ }}', /unsafe|undefined/],
    ['walks up from itself', '{{ self.__init__.__globals__ }}', /unsafe|undefined/],
    ['names a way of another engine', '{{ (1|valueOf) }}', /No filter named 'valueOf'/],
    ['changes what all objects have', '{{ __proto__.__defineGetter__ }}', /"__proto__" is undefined/],
    ['includes a file of the computer', "{% include '/etc/passwd' %}", /template not found/],
    ['includes a file beside the folder', "{% include '../../../etc/passwd' %}", /template not found/],
    ['includes itself', "{% include 'x.j2' %}", /too deep/],
    ['asks for too much memory', "{{ 'x' * 10**10 }}", /memory/],
    ['makes too much text', "{% for i in range(90000) %}{{ 'x' * 100 }}{% endfor %}", /at most 1048576/],
    [
      'counts for ever',
      '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}',
      /longer than/,
    ],
    ['asks a pattern that never ends', "{{ ('a' * 40) | regex_search('(a+)+$b') }}", /longer than/],
    ['runs a program', "{{ lookup('pipe', 'id') }}", /lookup\('pipe', 'id'\)/],
    ['reads the environment', "{{ lookup('env', 'HOME') }}", /lookup/],
  ])('%s', async (_name, text, words) => {
    expect(await laterComplaintsOf(async () => rendered(text), '/team')).toMatch(words);
  });

  test('is blamed by its own name, and the others are rendered or explained', async () => {
    const words = await laterComplaintsOf(
      async () => render(sourceOf({ 'a.j2': '{{ name }}', 'b.j2': "{{ 'x' * 10**10 }}", 'c.j2': '{{ nothing }}' })),
      '/team',
    );
    expect(words).toMatch(/^b\.j2:1:1 .*memory\nc\.j2:1:4 "nothing" is undefined/);
  });

  test('is answered, whatever stands in it', async () => {
    const words = [
      '{{ ',
      ' }}',
      '{% ',
      ' %}',
      '{# ',
      ' #}',
      'if ',
      'for x in ',
      'endfor',
      'endif',
      'include "b.j2"',
      'macro f()',
    ].concat([
      ' | ',
      'name',
      '[0]',
      '.__class__',
      '(',
      ')',
      '"',
      '{%- ',
      'raw',
      'block b',
      'extends "y"',
      'set x = ',
      '#jinja2:',
    ]);
    const texts = fc.sample(
      fc
        .array(
          fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 3 })),
        )
        .map((pieces) => pieces.join('').replaceAll(/\p{Surrogate}/gu, '?')),
      300,
    );
    const files = Object.fromEntries(texts.map((text, index) => [`${index}.j2`, text]));
    const facts = {} as never;
    const templates = Object.keys(files).map((path) => ({ path, facts }));
    const answers = await templateEngine(image)({ files, marks: files, templates });
    expect(answers.map((it) => it.path)).toEqual(templates.map((it) => it.path));
  });
});

/** Where the engine itself were taken over: what the container lets its program do. */
describe('the container of templates', () => {
  test('is gone with all that runs in it when it is told to stop', async () => {
    const mark = `run_${randomBytes(8).toString('hex')}`;
    const stop = new AbortController();
    const running = runContained(image, `${mark} = 1\nwhile True: pass`, '', {
      processorSeconds: 60,
      signal: stop.signal,
    });
    await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toMatch(/^.usr.bin.python3\0-I/m);
    stop.abort();
    await expect(running).rejects.toThrow('cancelled');
    expect(processesWith(mark)).toBe('');
  });

  const program = readFileSync(join(here, 'reach-out.py'), 'utf8');

  test('lets its program reach nothing', async () => {
    const { stdout, stderr, exitCode } = await runContained(
      image,
      program,
      JSON.stringify({ home: process.env['HOME'], here }),
      { processorSeconds: 10 },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      user: 60_000,
      capabilities: '0000000000000000',
      interfaces: ['lo'],
      files: [],
      reached: [],
    });
  });
});

/** The command lines in which a word stands. */
function processesWith(word: string): string {
  return readdirSync('/proc')
    .filter((it) => /^\d+$/.test(it))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return ''; // It has ended meanwhile.
      }
    })
    .filter((it) => it.includes(word))
    .join('\n');
}

function textsBelow(folder: string, ending = ''): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((it) => it.isFile() && it.name.endsWith(ending))
      .map((it) => join(it.parentPath, it.name))
      .toSorted()
      .map((file) => [relative(folder, file), readFileSync(file, 'utf8')]),
  );
}
