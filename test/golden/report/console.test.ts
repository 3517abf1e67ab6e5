import { describe, expect, test } from 'vitest';

import type { Run } from '#core/model/run.ts';
import { consoleReporter } from '#core/report/console.ts';
import type { Screen } from '#core/report/reporter.ts';
import { expectGolden } from '../expect-golden.ts';
import { eventsOf } from './sample-events.ts';
import { sampleControls, interruptedRun, passedRun, sampleRun } from './sample-run.ts';
import { samplePlan } from './sample-plan.ts';

describe('the console report', () => {
  test('fits 80 columns', () => {
    const text = report(sampleRun, { columns: 80 });
    const wide = text.split('\n').filter((line) => line.length > 80);
    // What is there to be copied is never wrapped.
    expect(wide.filter((line) => !/breakwater exec|results\//.test(line))).toEqual([]);
    expectGolden(text, 'console-80.txt', import.meta.url);
  });

  test('uses colour on a screen that has it', () => {
    expectGolden(report(sampleRun, { columns: 120, color: true }), 'console-120-color.txt', import.meta.url);
  });

  test('shows the attempts of passed checks when asked', () => {
    expectGolden(report(passedRun, { verbose: true }), 'console-verbose.txt', import.meta.url);
  });

  test('is short when everything passed', () => {
    expectGolden(report(passedRun), 'console-passed.txt', import.meta.url);
  });

  test('says that a run was interrupted', () => {
    expectGolden(report(interruptedRun), 'console-interrupted.txt', import.meta.url);
  });

  test('leaves the same on a terminal as in a file once its live line is gone', () => {
    const withoutProgress = report(sampleRun)
      .split('\n')
      .filter((line) => !line.startsWith('  …'))
      .join('\n');
    expect(onTerminal(report(sampleRun, { live: true }))).toBe(withoutProgress);
  });

  test('keeps its live line on one line of a narrow terminal', () => {
    const drawn = report(sampleRun, { live: true, columns: 60 }).split('\r\u001B[2K').slice(1);
    const lines = drawn.map((it) => it.split('\n')[0] ?? '').filter((it) => /^ {2}[⠀-⣿]/.test(it));
    expect(lines.length).toBeGreaterThan(5);
    expect(Math.max(...lines.map((it) => it.length))).toBeLessThan(60);
  });
});

function report(run: Run, options: Partial<Screen> & { verbose?: boolean } = {}): string {
  let text = '';
  const { verbose = false, ...rest } = options;
  const screen: Screen = { columns: 100, color: false, live: false, write: (it) => void (text += it), ...rest };
  const reporter = consoleReporter({ screen, verbose, plan: samplePlan, controls: sampleControls });
  for (const event of eventsOf(run)) reporter.onEvent(event);
  void reporter.finish();
  return text;
}

/** What stays on a terminal: clearing takes away the line that the cursor is on. */
function onTerminal(output: string): string {
  return output.split('\r\u001B[2K').reduce((screen, text) => screen.slice(0, screen.lastIndexOf('\n') + 1) + text);
}
