import type { Finding, Phase, Run, RunEvent } from '#core/model/run.ts';

/** The stream that leads to a run. */
export function eventsOf(run: Run, folder = '~/.local/state/breakwater/results/20261121T213000Z-3f9a'): RunEvent[] {
  const labs = run.labs.map(({ lab, title, findings }) => ({ id: lab, title, checks: findings.length }));
  return [
    { type: 'run.started', runId: run.id, topology: run.topology, subject: run.subject, folder, labs },
    ...run.labs.flatMap((result): RunEvent[] => [
      ...phase(result, 'now', result.findings),
      ...(result.afterRestart.length === 0
        ? []
        : [
            { type: 'progress' as const, message: 'restarting br1, peer1 from their files' },
            ...phase(result, 'restarted', result.afterRestart),
          ]),
      { type: 'lab.judged', result },
    ]),
    { type: 'run.finished', run, folder },
  ];
}

function phase({ lab, title }: { lab: string; title: string }, name: Phase, findings: readonly Finding[]): RunEvent[] {
  const checks = findings.map((it) => ({ id: it.check, kind: it.kind, title: it.title }));
  return [
    { type: 'lab.started', lab, title, phase: name, checks },
    ...findings.map((it): RunEvent => ({ type: 'check.started', lab, check: it.check, phase: name })),
    ...findings.map((finding): RunEvent => ({ type: 'check.judged', phase: name, finding })),
  ];
}
