import { expect, test } from 'vitest';

import type { Finding, Run } from '#core/model/run.ts';
import { compareRuns } from '../../../renderer/features/reports/compare-runs.ts';

function run(verdicts: Readonly<Record<string, Finding['verdict']>>, again: typeof verdicts = {}): Run {
  const findings = (of: typeof verdicts): Finding[] =>
    Object.entries(of).map(([check, verdict]) => ({
      lab: 'mail/open-relay',
      check,
      control: 'mail/open-relay',
      kind: 'abuse',
      layer: 'service',
      title: check,
      probe: 'relay-mail',
      verdict,
      reason: '',
      attempts: [],
      evidence: [],
      durationMs: 1,
    }));
  return {
    schema: 'breakwater.run/1',
    id: '20261125T000000Z-0000',
    tool: '',
    topology: 'isp',
    runtime: 'rootless',
    subject: 'workspace',
    startedAt: '2026-11-25T00:00:00.000Z',
    durationMs: 1,
    interrupted: false,
    diagnostics: [],
    verdict: 'pass',
    labs: [
      {
        lab: 'mail/open-relay',
        title: '',
        verdict: 'pass',
        persistence: 'kept',
        findings: findings(verdicts),
        afterRestart: findings(again),
      },
    ],
  };
}

test('what got worse comes first, then what got better, and what stayed last', () => {
  const rows = compareRuns(
    run({ same: 'pass', up: 'fail', down: 'pass', old: 'pass' }),
    run({ same: 'pass', up: 'pass', down: 'error', new: 'pass' }),
  );
  expect(rows.map((it) => `${it.check} ${it.change}`)).toEqual([
    'down worse',
    'up better',
    'new new',
    'old gone',
    'same same',
  ]);
});

test('what was lost at the restart counts as lost', () => {
  const [row] = compareRuns(run({ check: 'pass' }), run({ check: 'pass' }, { check: 'fail' }));
  expect(row?.change).toBe('worse');
});
