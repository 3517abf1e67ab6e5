import { Command } from '@commander-js/extra-typings';

import { workspaceFolder } from '#core/appliance/appliance.ts';
import { requireStart } from '#core/appliance/mend.ts';
import { openWorkspace } from '#core/workspace/workspace.ts';
import { type Cli, print } from '../cli.ts';
import { nameOption } from '../options.ts';

export function diffCommand(cli: Cli) {
  return new Command('diff')
    .description('what you changed since the lab began, as a patch')
    .option('--solution', 'compare with the solution instead')
    .option('--baseline', 'compare with the hardened baseline instead: the solution, without the scene of the lab')
    .addOption(nameOption())
    .action(async ({ solution, baseline, name }) => {
      const appliance = await cli.appliance();
      await (await appliance.runtime.attach(name))?.collectEdits();
      const workspace = await openWorkspace(workspaceFolder(appliance, name));
      const start = await requireStart(workspace, name);
      const against = solution === true ? start.solution : baseline === true ? start.baseline : start.start;
      const text = await workspace.diff(against, await workspace.current(), { color: cli.terminal.screen.color });
      print(cli, text === '' ? 'nothing is changed' : text);
    });
}
