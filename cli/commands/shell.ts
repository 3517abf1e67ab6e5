import { Command } from '@commander-js/extra-typings';

import { attach } from '#core/appliance/attach.ts';
import { noteTouched } from '#core/appliance/since-judged.ts';
import { runInteractively } from '#core/exec/interactive.ts';
import type { Cli } from '../cli.ts';
import { nameOption } from '../options.ts';

export function shellCommand(cli: Cli) {
  return new Command('shell')
    .description('a terminal on a node, as root there')
    .argument('<node>', 'name of a node')
    .addOption(nameOption())
    .addHelpText(
      'after',
      '\nOn a router: vtysh, and `write memory` to keep. On a server: edit below /etc, then service NAME reload.',
    )
    .action(async (node, { name }) => {
      const appliance = await cli.appliance();
      const { network } = await attach(appliance, name);
      const argv = network.node(node).shell();
      await noteTouched(appliance, name, node);
      cli.exitWith(await runInteractively(argv));
      await noteTouched(appliance, name, node);
      await network.collectEdits();
    });
}
