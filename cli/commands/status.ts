import { Command } from '@commander-js/extra-typings';

import { statusOf } from '#core/appliance/status.ts';
import { type Cli, print, printListing } from '../cli.ts';
import { jsonOption } from '../options.ts';

export function statusCommand(cli: Cli) {
  return new Command('status')
    .description('running networks, and the lab that each is at')
    .addOption(jsonOption())
    .action(async ({ json }) => {
      const networks = await statusOf(await cli.appliance());
      if (networks.length === 0 && json !== true) return print(cli, 'nothing is running\nnext: breakwater up LAB');
      printListing(cli, json, networks, ['NAME', 'LAB', 'NODES', 'EDITED FILES', 'SINCE'], (index) => {
        const { name, lab, nodes, edited, startedAt } = networks[index] ?? {
          name: '',
          lab: undefined,
          nodes: [],
          edited: [],
          startedAt: '',
        };
        return [name, lab ?? '(baseline)', String(nodes.length), String(edited.length), startedAt];
      });
    });
}
