import type { Control } from '../model/control.ts';
import type { Plan } from '../model/plan.ts';
import type { RunEvent } from '../model/run.ts';
import { visible } from '../model/visible.ts';

/** A rendering of a run, fed by its event stream alone. */
export interface Reporter {
  readonly name: string;
  onEvent(event: RunEvent): void;
  /** Writes what is still to be written. Called once, after the last event, however the run ended. */
  finish(): Promise<void>;
}

/** Where a reporter writes, and what it knows beside the run. Nothing is read from the environment behind our back. */
export interface ReporterContext {
  /** What `--reporter name=FILE` named; a reporter that needs a file is not made without one. */
  readonly file?: string;
  readonly screen: Screen;
  /** Shows the attempts of checks that passed, too. */
  readonly verbose: boolean;
  readonly plan: Plan;
  readonly controls: readonly Control[];
}

/** The terminal or pipe that people read. */
export interface Screen {
  write(text: string): void;
  /** Width in characters. */
  readonly columns: number;
  readonly color: boolean;
  /** A line may be drawn over: a terminal. */
  readonly live: boolean;
}

/** Clears the line that is drawn over. */
export const clearLine = '\r\u001B[2K';

/** Colours, as ours and those of git, and what clears the line where a text begins. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const own = /(^\r\u001B\[2K|\u001B\[(?:(?:[0-79]|[2-4]\d|9\d|10[0-7])(?:;(?=\d)|(?=m)))*m)/;

/** A text as a terminal may have it: nothing in it moves the cursor, asks the terminal, or hides. */
function onTerminal(text: string): string {
  return text
    .split(own)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('');
}

/** The screen behind a stream, written to by `write`: colour on a terminal unless NO_COLOR is set (no-color.org), or where FORCE_COLOR asks for it. */
export function screenOf(
  stream: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv,
  write: (text: string) => void = (text) => void stream.write(text),
): Screen {
  // A terminal without a width, as script(1) and some CI give it, cannot be drawn on.
  const live = stream.isTTY === true && env['TERM'] !== 'dumb' && stream.columns > 0;
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  return {
    // Into a pipe goes what there is: a patch has to be applied as it stands.
    write: stream.isTTY === true ? (text) => write(onTerminal(text)) : write,
    get columns() {
      return stream.columns || 100;
    },
    color: (env['NO_COLOR'] ?? '') === '' && (live || forced),
    live,
  };
}
