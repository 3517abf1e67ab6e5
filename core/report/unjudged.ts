import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { DiagnosticsError, isLabError } from '../model/errors.ts';
import type { Run } from '../model/run.ts';

/**
 * The run of somebody who could not be judged, so that a report is there that says why: a template that does
 * not render, a lab that there is not, a network that does not come up. Its verdict is `error`, and never
 * anything else.
 */
export function unjudgedRun(
  error: unknown,
  about: Pick<Run, 'tool' | 'topology' | 'runtime' | 'subject'>,
  startedAt: Date,
  now: Date,
): Run {
  const stamp = startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return {
    schema: 'breakwater.run/1',
    id: `${stamp}-none`,
    ...about,
    startedAt: startedAt.toISOString(),
    durationMs: now.getTime() - startedAt.getTime(),
    interrupted: isLabError(error) && error.code === 'cancelled',
    verdict: 'error',
    problem: problemOf(error),
    diagnostics: error instanceof DiagnosticsError ? error.diagnostics.map(asRefusal) : [],
    labs: [],
  };
}

function problemOf(error: unknown): string {
  if (!isLabError(error))
    return `a fault of breakwater itself: ${error instanceof Error ? error.message : String(error)}`;
  return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
}

function asRefusal({ file, line, column, message, expected, hint }: Diagnostic): DaemonDiagnostic {
  const more = [
    expected === undefined ? undefined : `expected ${expected}`,
    hint === undefined ? undefined : `hint: ${hint}`,
  ];
  return { severity: 'refused', file, line, column, message: [message, ...more].filter(Boolean).join('; ') };
}
