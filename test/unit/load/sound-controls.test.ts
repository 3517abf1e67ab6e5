import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { loadControls, loadSoundControls } from '#core/load/load-controls.ts';
import type { DiagnosticsError } from '#core/model/errors.ts';

const row = (id: string, rest = 'reason: later'): string =>
  `  - { id: ${id}, title: ${id}, sections: ['RFC3013 §2.1'], level: MUST, class: A, ${rest} }\n`;
const statement = (id: string, control: string): string =>
  `  - { id: ${id}, section: 'RFC3013 §2.1', level: MUST, says: so, control: ${control} }\n`;

function read(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'breakwater-controls-'));
  const file = join(folder, 'controls.yml');
  writeFileSync(file, text);
  try {
    const sound = loadSoundControls(file);
    let refused = 0;
    try {
      loadControls(file);
    } catch (error) {
      refused = (error as DiagnosticsError).diagnostics.length;
    }
    return {
      controls: sound.catalogue.controls.map((it) => it.id),
      statements: sound.catalogue.statements.map((it) => it.id),
      lines: sound.diagnostics.map((it) => it.line),
      refused,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a row with a fault is left out, with what hangs on it, and nothing else is', () => {
  const text = `controls:\n${row('a/one')}${row('a/two', 'reasn: later')}${row('a/one')}${row('a/three', 'modern: so')}${row('a/four')}statements:\n${statement('R2.1a', 'a/one')}${statement('R2.1b', 'a/two')}${statement('R2.1c', 'a/nine')}`;
  expect(read(text)).toEqual({
    controls: ['a/one', 'a/four'],
    statements: ['R2.1a'],
    lines: [3, 4, 5, 10],
    refused: 4,
  });
});

test('where all is well nobody complains', () => {
  expect(read(`controls:\n${row('a/one')}statements:\n${statement('R2.1a', 'a/one')}`)).toEqual({
    controls: ['a/one'],
    statements: ['R2.1a'],
    lines: [],
    refused: 0,
  });
});

test('what is no YAML has no rows', () => {
  expect(read('controls: [')).toMatchObject({ controls: [], statements: [] });
  expect(read('controls: [').lines).not.toEqual([]);
});
