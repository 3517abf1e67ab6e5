import type { Command } from '@commander-js/extra-typings';

import type { Appliance } from '#core/appliance/appliance.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. A command parses its arguments, calls one request of the core, and prints. */
export interface Cli {
  readonly terminal: Terminal;
  /** Fires on Ctrl-C, SIGTERM and SIGHUP; whatever runs then cleans up and ends. */
  readonly signal: AbortSignal;
  readonly version: string;
  /** Opened when first asked for: `--help` must not depend on anything. */
  appliance(): Promise<Appliance>;
  /** The exit code that the program ends with, unless an error decides. Output that is lost makes 0 an error. */
  exitWith(code: number): void;
  /** The same for a verdict, which stands whatever becomes of the output. */
  judged(code: number): void;
}

/** One file a command, one line in `commands/registry.ts`. */
export type CommandModule = (cli: Cli) => Command<any, any, any>;

export function print(cli: Cli, text: string): void {
  cli.terminal.screen.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** A listing: a table for people, with `--json` the same as data. */
export function printListing(
  cli: Cli,
  json: boolean | undefined,
  data: readonly object[],
  header: readonly string[],
  row: (index: number) => readonly string[],
): void {
  if (json === true) print(cli, JSON.stringify(data, null, 2));
  else
    print(
      cli,
      formatTable(
        header,
        data.map((_, index) => row(index)),
      ),
    );
}
