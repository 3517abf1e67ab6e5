import { Command } from '@commander-js/extra-typings';

import { down } from '#core/appliance/down.ts';
import { type Cli, print } from '../cli.ts';
import { nameOption } from '../options.ts';

export function downCommand(cli: Cli) {
  return new Command('down')
    .description('take a running network down; your configuration stays')
    .option('--all', 'every network of yours')
    .addOption(nameOption())
    .action(async ({ all, name }) => {
      const appliance = await cli.appliance();
      const names = all === true ? (await appliance.runtime.list()).map((it) => it.name) : [name];
      for (const one of names) {
        const was = await down(appliance, one);
        print(cli, was ? `${one} is down` : `${one} was not running`);
      }
    });
}
