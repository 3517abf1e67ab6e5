import { expect, test } from 'vitest';

import { DiagnosticsError, LabError } from '#core/model/errors.ts';
import { Run } from '#core/model/run.ts';
import { formatJunit } from '#core/report/junit.ts';
import { unjudgedRun } from '#core/report/unjudged.ts';

const about = { tool: 'breakwater test', topology: 'isp', runtime: 'rootless', subject: 'build' };
const at = new Date('2026-11-30T10:00:00Z');

function runOf(error: unknown): Run {
  return Run.parse(unjudgedRun(error, about, at, new Date('2026-11-30T10:00:01Z')));
}

test('files that cannot be laid out stand in the report with their places', () => {
  const run = runOf(
    new DiagnosticsError([
      { file: 'pe1/etc/x.j2', line: 3, column: 5, message: '"custmers" is undefined', hint: 'facts' },
    ]),
  );
  expect(run).toMatchObject({
    verdict: 'error',
    problem: '1 problem found',
    durationMs: 1000,
    diagnostics: [{ severity: 'refused', file: 'pe1/etc/x.j2', line: 3, column: 5 }],
  });
  expect(formatJunit(run)).toContain('errors="1"');
  expect(formatJunit(run)).toContain('pe1/etc/x.j2:3:5');
});

test('what could not be done says what to do, and a bug says whose it is', () => {
  expect(runOf(new LabError('usage', 'no such lab', { hint: 'breakwater labs' })).problem).toBe(
    'no such lab (breakwater labs)',
  );
  expect(runOf(new TypeError('x is undefined')).problem).toBe('a fault of breakwater itself: x is undefined');
});

test('each refusal is a failed case of JUnit, before the labs; a warning is none', () => {
  const refused = { node: 'br1', daemon: 'frr', severity: 'refused', file: 'br1/etc/frr/frr.conf', line: 208 } as const;
  const run: Run = {
    ...runOf(new Error('')),
    verdict: 'fail',
    problem: undefined,
    diagnostics: [
      { ...refused, message: 'Unknown command: match ip-address' },
      { ...refused, severity: 'warning', message: 'old' },
    ],
  };
  const text = formatJunit(run);
  expect(text).toContain('tests="1" failures="1" errors="0"');
  expect(text).toContain('br1/etc/frr/frr.conf:208: frr on br1 did not take this: Unknown command: match ip-address');
});
