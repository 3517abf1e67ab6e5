import { Command } from '@commander-js/extra-typings';

import type { Appliance } from '#core/appliance/appliance.ts';
import { reset, solve } from '#core/appliance/mend.ts';
import type { Change } from '#core/workspace/compare-trees.ts';
import { type Cli, print } from '../cli.ts';
import { nameOption } from '../options.ts';

export function resetCommand(cli: Cli) {
  return mendCommand(cli, 'reset', 'begin the lab anew; what you changed is kept as a snapshot', reset);
}

export function solveCommand(cli: Cli) {
  return mendCommand(
    cli,
    'solve',
    'lay out the solution, which is the hardened baseline in the scene of the lab; what you changed is kept as a snapshot',
    solve,
  );
}

function mendCommand(
  cli: Cli,
  verb: string,
  description: string,
  mend: (appliance: Appliance, name: string, signal: AbortSignal) => Promise<readonly Change[]>,
) {
  return new Command(verb)
    .description(description)
    .addOption(nameOption())
    .action(async ({ name }) => {
      const appliance = await cli.appliance();
      const changes = await cli.terminal.during(verb, () => mend(appliance, name, cli.signal));
      print(
        cli,
        changes.length === 0
          ? 'nothing had to change'
          : changes.map(({ status, path }) => `${status.padEnd(9)}${path}`).join('\n'),
      );
    });
}
