import type { RunEvent } from '#core/model/run.ts';
import type { RunningCheck } from '../contract/snapshot.ts';

/** The run that goes on, one event later. */
export function advance(run: RunningCheck | null, event: RunEvent): RunningCheck | null {
  switch (event.type) {
    case 'lab.started':
      return {
        lab: event.lab,
        phase: event.phase,
        checks: event.checks.map(({ id, kind, title }) => ({ id, kind, title, state: 'waiting' })),
      };
    case 'check.started':
      return withCheck(run, event.check, { state: 'running' });
    case 'check.judged':
      return withCheck(run, event.finding.check, { state: 'judged', verdict: event.finding.verdict });
    default:
      return run;
  }
}

function withCheck(
  run: RunningCheck | null,
  id: string,
  now: Partial<RunningCheck['checks'][number]>,
): RunningCheck | null {
  return run === null ? null : { ...run, checks: run.checks.map((it) => (it.id === id ? { ...it, ...now } : it)) };
}
