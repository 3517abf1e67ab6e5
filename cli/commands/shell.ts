import { Command } from '@commander-js/extra-typings';

import { attach } from '#core/appliance/attach.ts';
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
      const { network } = await attach(await cli.appliance(), name);
      cli.exitWith(await runInteractively(network.node(node).shell()));
      await network.collectEdits();
    });
}
