import { Command } from '@commander-js/extra-typings';

import { readOwnFiles } from '#core/appliance/own-files.ts';
import { validateFiles } from '#core/appliance/validate.ts';
import { DiagnosticsError } from '#core/model/errors.ts';
import { type Cli, print } from '../cli.ts';

export function validateCommand(cli: Cli) {
  return new Command('validate')
    .description('read labs, topologies, plans and patches, and say what is wrong with them, where')
    .argument(
      '<file...>',
      'lab.yml or a lab folder, *.clab.yml, plan.yml, controls.yml, *.patch, or a folder of configurations',
    )
    .action(async (files) => {
      const diagnostics = await validateFiles(files, {
        readOwnFiles: async (folder) => {
          const appliance = await cli.appliance();
          return cli.terminal.during(`reading ${folder}`, (onProgress) =>
            readOwnFiles(appliance, folder, { signal: cli.signal, onProgress }),
          );
        },
      });
      if (diagnostics.length > 0) throw new DiagnosticsError(diagnostics);
      print(cli, `${files.length} ${files.length === 1 ? 'is' : 'are'} sound`);
    });
}
