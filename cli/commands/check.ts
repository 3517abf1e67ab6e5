import { Command } from '@commander-js/extra-typings';

import { requireLab } from '#core/appliance/appliance.ts';
import { check } from '#core/appliance/check.ts';
import type { Cli } from '../cli.ts';
import { nameOption, seedOption } from '../options.ts';
import { reportRun, reporterOption, verboseOption } from '../report-run.ts';

export function checkCommand(cli: Cli) {
  return new Command('check')
    .description('attack the running network and judge it: the lab that it is at, or one named')
    .argument('[lab]', 'id of a lab; every one on the plain baseline')
    .option('--no-restart', 'do not restart the nodes after a pass to see whether the mend survives a reboot')
    .addOption(nameOption())
    .addOption(seedOption())
    .addOption(reporterOption())
    .addOption(verboseOption())
    .action(async (id, { restart, name, seed, reporter, verbose }) => {
      const appliance = await cli.appliance();
      await reportRun(cli, appliance, { reporter, verbose, subject: 'workspace' }, async (listener) =>
        check(appliance, name, {
          ...(id === undefined ? {} : { labs: [requireLab(appliance, id)] }),
          restart,
          ...(seed === undefined ? {} : { seed }),
          signal: cli.signal,
          listener,
        }),
      );
    });
}
