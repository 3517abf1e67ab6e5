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
        const network = networks[index];
        if (network === undefined) return [];
        const { name, lab, nodes, dead, edited, startedAt } = network;
        const up = dead.length === 0 ? String(nodes.length) : `${nodes.length} (dead: ${dead.join(', ')})`;
        return [name, lab ?? '(baseline)', up, String(edited.length), startedAt];
      });
      const hurt = networks.find((it) => it.dead.length > 0);
      if (hurt !== undefined && json !== true)
        print(cli, `next: breakwater up --name ${hurt.name}${hurt.lab === undefined ? '' : ` ${hurt.lab}`}`);
    });
}
