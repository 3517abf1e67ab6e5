import type { DaemonDiagnostic } from '../model/daemon-diagnostic.ts';

/** What a daemon said, with files as the node knows them. */
export type Said = Pick<DaemonDiagnostic, 'severity' | 'file' | 'line' | 'column' | 'message'>;

/** What came back for one question: both streams together, and the exit code. */
export interface Answer {
  readonly text: string;
  readonly exitCode: number;
}

/**
 * A daemon that can be asked for its own complaints about its files. Asking changes nothing: all daemons of
 * a node are asked side by side, also while it serves.
 */
export interface Daemon {
  readonly name: string;
  /** Its name in SERVICES, where that is another. */
  readonly service?: string;
  /** A shell condition: asked only where it holds. `serves NAME` is true where the node runs that service. */
  readonly where: string;
  /** Shell scripts by what they tell. `said NAME FILE…` prints what NAME said at its last start or apply, unless a FILE is newer than that. */
  readonly questions: Readonly<Record<string, string>>;
  /** A shell script that names, a line each, processes that should run and do not. */
  readonly missing?: string;
  /** A shell script that makes it forget what it counted of its clients, and changes nothing else. */
  readonly forget?: string;
  /** Answers by the name of their question. Pure. */
  read(answer: (question: string) => Answer): readonly Said[];
}

/** The shell function that {@link Daemon.where} asks. */
export const serves = 'serves() { case " $SERVICES " in *" $1 "*) true ;; *) false ;; esac; }';

export function linesOf({ text }: Answer): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
}

/** A script for {@link Daemon.missing}: the processes of these names. One that is being restarted is waited for, three seconds. */
export function missing(...names: readonly string[]): string {
  return `for it in ${names.join(' ')}; do
      for ((turn = 0; turn < 30; turn++)); do pgrep -x "$it" >/dev/null && continue 2; sleep 0.1; done
      echo "$it"
    done`;
}

/** A script that prints what a daemon logged since the last line with these words, which it logs when it starts. */
export function lastStart(words: string, program: string, log = '/var/log/syslog'): string {
  return `tac ${log} 2>/dev/null | sed '/${words}/q' | tac | grep -E ' ${program}(/[a-z-]+)*\\[[0-9]+\\]: '`;
}

/** A script that names, of the files that a command prints a line each, those that cannot be read. */
export function unreadable(command: string): string {
  return `${command} 2>/dev/null | tr ', ' '\\n\\n' | grep ^/ | sort -u | while read -r it; do [ -r "$it" ] || echo "$it"; done`;
}

/** The numbers of a match, or nothing where there were none. */
export function place(line: string | undefined, column?: string): Pick<Said, 'line' | 'column'> {
  const number = (text: string | undefined): number | undefined =>
    text === undefined || Number(text) < 1 ? undefined : Number(text);
  const [at, from] = [number(line), number(column)];
  return {
    ...(at === undefined ? {} : { line: at }),
    ...(at === undefined || from === undefined ? {} : { column: from }),
  };
}
