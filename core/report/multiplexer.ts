import type { RunEvent, RunListener } from '../model/run.ts';
import type { Reporter } from './reporter.ts';

export interface Multiplexer {
  readonly listener: RunListener;
  /**
   * Lets every reporter finish, whatever became of the others, and returns what went wrong. A report
   * that somebody asked for and did not get fails the run: exit code 3, never 0.
   */
  finish(): Promise<readonly ReporterFault[]>;
}

export interface ReporterFault {
  readonly reporter: string;
  readonly error: unknown;
}

/** Feeds one event stream to several reporters. One that throws gets no more events and disturbs nobody else. */
export function multiplex(reporters: readonly Reporter[]): Multiplexer {
  const faults = new Map<Reporter, ReporterFault>();
  const blame = (reporter: Reporter, error: unknown): void => {
    faults.set(reporter, { reporter: reporter.name, error });
  };
  const onEvent = (event: RunEvent): void => {
    for (const reporter of reporters) {
      if (faults.has(reporter)) continue;
      try {
        reporter.onEvent(event);
      } catch (error) {
        blame(reporter, error);
      }
    }
  };
  return {
    listener: onEvent,
    async finish() {
      for (const reporter of reporters) {
        try {
          await reporter.finish();
        } catch (error) {
          if (!faults.has(reporter)) blame(reporter, error);
        }
      }
      return [...faults.values()];
    },
  };
}
