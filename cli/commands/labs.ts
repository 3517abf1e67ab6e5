import { Command } from '@commander-js/extra-typings';

import { type Cli, printListing } from '../cli.ts';
import { jsonOption } from '../options.ts';

export function labsCommand(cli: Cli) {
  return new Command('labs')
    .description('list the labs')
    .addOption(jsonOption())
    .action(async ({ json }) => {
      const labs = [...(await cli.appliance()).labs.values()].map(
        ({ id, title, summary, minutes, controls, nodes, checks }) => ({
          id,
          title,
          summary,
          minutes,
          controls,
          nodes,
          checks: checks.map((it) => it.id),
        }),
      );
      printListing(cli, json, labs, ['LAB', 'MINUTES', 'NODES', 'TITLE'], (index) => {
        const lab = labs[index];
        return lab === undefined ? [] : [lab.id, String(lab.minutes), String(lab.nodes.length), lab.title];
      });
    });
}
