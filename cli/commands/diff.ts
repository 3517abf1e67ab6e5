import { Command } from '@commander-js/extra-typings';

import { workspaceFolder } from '#core/appliance/appliance.ts';
import { requireStart } from '#core/appliance/mend.ts';
import { openWorkspace } from '#core/workspace/workspace.ts';
import { type Cli, print } from '../cli.ts';
import { nameOption } from '../options.ts';

export function diffCommand(cli: Cli) {
  return new Command('diff')
    .description('what you changed since the lab began, as a patch')
    .option('--baseline', 'compare with the hardened baseline instead: this shows the solution')
    .addOption(nameOption())
    .action(async ({ baseline, name }) => {
      const appliance = await cli.appliance();
      await (await appliance.runtime.attach(name))?.collectEdits();
      const workspace = await openWorkspace(workspaceFolder(appliance, name));
      const start = await requireStart(workspace, name);
      const text = await workspace.diff(baseline === true ? start.baseline : start.start, await workspace.current(), {
        color: cli.terminal.screen.color,
      });
      print(cli, text === '' ? 'nothing is changed' : text);
    });
}
