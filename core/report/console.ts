import type { PlannedCheck, RunEvent } from '../model/run.ts';
import { formatFinding } from './console/finding.ts';
import { liveLine } from './console/live-line.ts';
import { formatDiagnostics } from './console/diagnostics.ts';
import { type Style, styleFor } from './console/style.ts';
import { formatAfterRestart, formatHeader, formatLabTitle, formatSummary } from './console/summary.ts';
import type { Reporter, ReporterContext } from './reporter.ts';

/** For people: each check as it is judged, and on a terminal one line that says what is going on. */
export function consoleReporter({ screen, verbose }: ReporterContext): Reporter {
  const live = liveLine(screen);
  const running = new Map<string, PlannedCheck>();
  let planned: ReadonlyMap<string, PlannedCheck> = new Map();
  let done = 0;
  let total = 0;

  // Read at every line, so that a window that was made narrower is respected.
  const style = (): Style => styleFor(screen);
  const showRunning = (): void =>
    running.size === 0 ? undefined : live.show([...running.keys()].join(', '), `${done} of ${total}`);

  function onEvent(event: RunEvent): void {
    switch (event.type) {
      case 'run.started':
        live.print(formatHeader(event, style()));
        return;
      case 'run.diagnosed':
        live.print(formatDiagnostics(event.diagnostics, style()));
        return;
      case 'lab.started':
        planned = new Map(event.checks.map((it) => [it.id, it]));
        done = 0;
        total = planned.size;
        if (event.phase === 'now') live.print(formatLabTitle(event, style()));
        return;
      case 'check.started': {
        const check = planned.get(event.check);
        if (check !== undefined) running.set(event.check, check);
        return showRunning();
      }
      case 'check.judged':
        running.delete(event.finding.check);
        done += 1;
        // After a restart only what no longer holds is news; the rest is one line when the lab is judged.
        if (event.phase === 'now' || event.finding.verdict !== 'pass') {
          live.print(formatFinding(event.finding, { verbose, phase: event.phase }, style()));
        }
        return showRunning();
      case 'lab.judged':
        running.clear();
        live.print(formatAfterRestart(event.result, style()));
        return;
      case 'progress':
        if (screen.live) live.show(event.message, '');
        else live.print(`  ${style().color.dim(`… ${event.message}`)}\n`);
        return;
      case 'run.finished':
        // Why nothing could be judged is told by whoever asked for it.
        if (event.run.problem !== undefined) return;
        live.print(formatSummary(event.run, event.folder, style()));
    }
  }

  return {
    name: 'console',
    onEvent,
    finish() {
      live.stop();
      return Promise.resolve();
    },
  };
}
