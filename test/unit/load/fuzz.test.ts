import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseControls } from '#core/load/load-controls.ts';
import { parseLabFile } from '#core/load/load-lab.ts';
import { parsePatch } from '#core/load/load-patch.ts';
import { parsePlan } from '#core/load/load-plan.ts';
import { parseTopology } from '#core/load/load-topology.ts';
import { DiagnosticsError } from '#core/model/errors.ts';

import { fixture, labContext, smallTopology } from '../../golden/diagnostics/cases.ts';

interface Loader {
  readonly name: string;
  readonly load: (text: string) => unknown;
  /** A sound text, from which broken ones are made. */
  readonly sound: string;
  /** Words that lead deeper into the loader than letters do. */
  readonly words: readonly string[];
}

const yamlWords = [
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '!!str ',
  '|\n',
  '>-\n',
  '"',
  "'",
  '#',
  '? ',
  '---\n',
  '%YAML 1.1\n',
  '<<: ',
  '~',
  '\t',
  '\r\n',
  '0x1f',
  '.inf',
  '__proto__: ',
  'constructor: ',
  'constructor',
];
const read = (path: string): string => readFileSync(fixture(path), 'utf8');

const loaders: readonly Loader[] = [
  {
    name: 'topology',
    load: (text) => parseTopology('x.clab.yml', text),
    sound: read('small-isp/small-isp.clab.yml'),
    words: [...yamlWords, 'nodes:', 'links:', 'endpoints:', 'r1:eth0'],
  },
  {
    name: 'plan',
    load: (text) => parsePlan('plan.yml', text, smallTopology),
    sound: read('small-isp/plan.yml'),
    words: [...yamlWords, 'nodes:', '192.0.2.0/24', '::/0', 'fe80::1', '0.0.0.0/33'],
  },
  {
    name: 'controls',
    load: (text) => parseControls('controls.yml', text),
    sound: 'controls:\n  - { id: a/b, title: A, sections: [x], level: MUST, class: A, reason: none }\n',
    words: yamlWords,
  },
  {
    name: 'lab',
    load: (text) => parseLabFile('lab.yml', text, labContext),
    sound: read('lab/sound/lab.yml'),
    words: [...yamlWords, 'checks:', 'probe: ', 'with: '],
  },
  {
    name: 'patch',
    load: (text) => parsePatch('x.patch', text, { kind: 'reject', nodes: ['pe1'], checks: ['spoofed-sources'] }),
    sound: read('lab/sound/reject/only-ipv4.patch'),
    words: [
      'diff --git a/pe1/etc/a b/pe1/etc/a\n',
      '--- a/pe1/etc/a\n',
      '+++ b/pe1/etc/a\n',
      '@@ -1,3 +1,3 @@\n',
      '@@',
      '+',
      '-',
      ' ',
      '\n',
      '\\ No newline at end of file\n',
      'new file mode 100644\n',
      '/dev/null',
      '../',
    ],
  },
];

/** CPU time, since the machine may be busy: above what the worst of these texts takes, below what quadratic work would. */
const deadlineMs = 4000;
const testTimeoutMs = 60_000;

describe.each(loaders)('the loader of a $name', ({ load, sound, words }) => {
  const pieces = fc.array(
    fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 3 })),
    { maxLength: 40 },
  );
  const cut = fc.record({
    from: fc.nat(sound.length),
    length: fc.nat(40),
    put: pieces.map((text) => text.slice(0, 4).join('')),
  });
  const mutated = fc
    .array(cut, { minLength: 1, maxLength: 4 })
    .map((cuts) =>
      cuts.reduce((text, { from, length, put }) => text.slice(0, from) + put + text.slice(from + length), sound),
    );

  it('takes the sound text', () => {
    expect(() => load(sound)).not.toThrow();
  });

  it(
    'takes any text, or says where it is wrong',
    () => {
      fc.assert(
        fc.property(
          fc.oneof(
            mutated,
            pieces.map((text) => text.join('')),
          ),
          (text) => expectModelOrDiagnostics(load, text),
        ),
        { numRuns: 200 },
      );
    },
    testTimeoutMs,
  );

  it.each([
    ['one long line', 'a'.repeat(900_000)],
    ['nothing but line ends', '\n'.repeat(100_000)],
    ['deep brackets', '['.repeat(50_000)],
    ['deep dashes', '- '.repeat(50_000)],
    ['many keys', Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['one key many times', 'a: 1\n'.repeat(20_000)],
    [
      'aliases that multiply',
      `a: &a [x]\n${'bcdefghij'.replaceAll(/./g, (text) => `${text}: &${text} [${`*${String.fromCodePoint((text.codePointAt(0) ?? 0) - 1)},`.repeat(9)}]\n`)}`,
    ],
    ['a NUL', 'a: \0'],
  ])(
    'does not hang on %s',
    (_, hostile) => {
      expectModelOrDiagnostics(load, hostile);
    },
    testTimeoutMs,
  );
});

function expectModelOrDiagnostics(load: (text: string) => unknown, text: string): void {
  const begin = process.cpuUsage();
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof DiagnosticsError)) throw error;
    const lines = text.split('\n');
    expect(error.diagnostics.length).toBeGreaterThan(0);
    for (const { line, column, message } of error.diagnostics) {
      expect(message).not.toBe('');
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
    }
  }
  expect(process.cpuUsage(begin).user / 1000).toBeLessThan(deadlineMs);
}
