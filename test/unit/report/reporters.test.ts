import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { Run } from '#core/model/run.ts';
import { exitCodeOf } from '#core/report/exit-code.ts';
import { multiplex } from '#core/report/multiplexer.ts';
import { selectReporters } from '#core/report/registry.ts';
import { type Reporter, type ReporterContext, screenOf } from '#core/report/reporter.ts';
import { eventsOf } from '../../golden/report/sample-events.ts';
import { samplePlan } from '../../golden/report/sample-plan.ts';
import { sampleControls, sampleRun } from '../../golden/report/sample-run.ts';

let folder: string;
let screen: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-report-'));
  screen = '';
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the reporters that a user names', () => {
  test('write each to its file, beside one that writes to the screen', async () => {
    const names = ['junit', 'json', 'html'] as const;
    const list = names.map((it) => `${it}=${join(folder, 'new', it)}`).join(',');
    expect(await feed(selectReporters(`console,${list}`, context()))).toEqual([]);
    expect(screen).toContain('0 of 4 labs pass');
    expect(readFileSync(join(folder, 'new', 'junit'), 'utf8')).toContain('<testsuites');
    expect(readFileSync(join(folder, 'new', 'html'), 'utf8')).toContain('<!doctype html>');
    expect(Run.parse(JSON.parse(readFileSync(join(folder, 'new', 'json'), 'utf8')))).toEqual(sampleRun);
  });

  test('write to the screen without a file', async () => {
    await feed(selectReporters('json', context()));
    expect(JSON.parse(screen)).toEqual(sampleRun);
  });

  test.each([
    ['xunit=x.xml', 'there is no reporter "xunit"; expected one of console, html, json, junit'],
    ['console,json', 'two reporters write to the screen'],
    ['json=x,junit=x', 'two reporters write to x'],
    ['console=x', 'the console reporter writes to the screen, not to x'],
    ['json=', 'the json reporter has no file after ='],
    ['toString', 'there is no reporter "toString"; expected one of console, html, json, junit'],
  ])('are refused when they are %s', (list, message) => {
    expect(() => selectReporters(list, context())).toThrow(expect.objectContaining({ code: 'usage', message }));
  });

  test('say so when a file cannot be written, and the others are written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const list = `json=${join(folder, 'file', 'x.json')},junit=${join(folder, 'x.xml')}`;
    const faults = await feed(selectReporters(list, context()));
    expect(faults.map((it) => it.reporter)).toEqual(['json']);
    expect(readFileSync(join(folder, 'x.xml'), 'utf8')).toContain('</testsuites>');
  });
});

test('a reporter that throws is told, gets nothing more, and disturbs no other', async () => {
  const got: string[] = [];
  let calls = 0;
  const broken: Reporter = {
    name: 'broken',
    onEvent() {
      calls += 1;
      throw new Error('no');
    },
    finish: () => Promise.reject(new Error('later')),
  };
  const sound: Reporter = {
    name: 'sound',
    onEvent: (event) => void got.push(event.type),
    finish: () => Promise.resolve(),
  };
  const faults = await feed([broken, sound]);
  expect(calls).toBe(1);
  expect(got).toHaveLength(eventsOf(sampleRun).length);
  expect(faults).toEqual([{ reporter: 'broken', error: new Error('no') }]);
});

test('the exit code is 0 for a pass alone', () => {
  const code = (verdict: Run['verdict'], interrupted = false): number => exitCodeOf({ verdict, interrupted });
  expect([code('pass'), code('fail'), code('inconclusive'), code('error')]).toEqual([0, 1, 3, 3]);
  expect([code('pass', true), code('fail', true)]).toEqual([130, 130]);
});

test.each([
  ['a terminal', { isTTY: true, columns: 80 }, {}, { color: true, live: true }],
  ['a pipe', {}, {}, { color: false, live: false }],
  ['a terminal with NO_COLOR', { isTTY: true, columns: 80 }, { NO_COLOR: '1' }, { color: false, live: true }],
  ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, { color: true, live: false }],
  ['a terminal without a width', { isTTY: true, columns: 0 }, {}, { color: false, live: false }],
  ['a dumb terminal', { isTTY: true, columns: 80 }, { TERM: 'dumb' }, { color: false, live: false }],
])('the screen of %s is known for what it is', (_name, stream, env, expected) => {
  expect(screenOf(stream as NodeJS.WriteStream, env)).toMatchObject(expected);
});

function context(): Omit<ReporterContext, 'file'> {
  const write = (text: string): void => void (screen += text);
  return {
    screen: { write, columns: 100, color: false, live: false },
    verbose: false,
    plan: samplePlan,
    controls: sampleControls,
  };
}

async function feed(reporters: readonly Reporter[]): ReturnType<ReturnType<typeof multiplex>['finish']> {
  const { listener, finish } = multiplex(reporters);
  for (const event of eventsOf(sampleRun)) listener(event);
  return finish();
}
