import { basename, resolve } from 'node:path';

import { Command } from '@commander-js/extra-typings';

import { testConfiguration } from '#core/appliance/test-configuration.ts';
import type { Cli } from '../cli.ts';
import { seedOption } from '../options.ts';
import { codeOverLabs, namedLabs } from '../named-labs.ts';
import { reportRun, reporterOption, verboseOption } from '../report-run.ts';

export function testCommand(cli: Cli) {
  return new Command('test')
    .description('judge a configuration headless: a network of its own, every check, and gone')
    .argument('[lab...]', 'ids of labs; all without')
    .option(
      '--configs <folder>',
      'your own files, FOLDER/NODE/etc/…, laid over the baseline and the scene of the lab; *.j2 are rendered with the facts of the node, absent.txt lists files that are to be gone',
    )
    .addOption(seedOption())
    .addOption(reporterOption())
    .addOption(verboseOption())
    .addHelpText(
      'after',
      '\nExample: breakwater test bgp-authentication --configs build/ --reporter junit=results.xml\nThe facts that a template can use: breakwater facts NODE --json',
    )
    .action(async (ids, { configs, seed, reporter, verbose }) => {
      const appliance = await cli.appliance();
      const subject = configs === undefined ? 'baseline' : basename(resolve(configs));
      const codeOf = (code: number): number => codeOverLabs(appliance, ids, code);
      await reportRun(cli, appliance, { reporter, verbose, subject, codeOf }, (listener) =>
        cli.terminal.during('testing', async (onProgress) => {
          const labs = namedLabs(cli, appliance, ids);
          await appliance.image({ signal: cli.signal, onProgress });
          return testConfiguration(appliance, {
            labs,
            signal: cli.signal,
            listener,
            onProgress,
            configs,
            ...(seed === undefined ? {} : { seed }),
          });
        }),
      );
    });
}
