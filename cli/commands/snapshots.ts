import { Command } from '@commander-js/extra-typings';

import { workspaceFolder } from '#core/appliance/appliance.ts';
import { restore } from '#core/appliance/mend.ts';
import { openWorkspace } from '#core/workspace/workspace.ts';
import { type Cli, print, printListing } from '../cli.ts';
import { jsonOption, nameOption } from '../options.ts';

export function snapshotsCommand(cli: Cli) {
  return new Command('snapshots')
    .description('everything your configuration ever was; nothing is thrown away')
    .addOption(jsonOption())
    .addOption(nameOption())
    .option('--restore <id>', 'bring one back; what stands there now is kept as another')
    .option('--show <id>', 'what differed from the start of the lab, as a patch')
    .action(async ({ json, name, restore: id, show }) => {
      const appliance = await cli.appliance();
      if (id !== undefined) {
        const changes = await cli.terminal.during(`restoring ${id}`, () => restore(appliance, name, id, cli.signal));
        return print(cli, `${changes.length} files changed`);
      }
      const workspace = await openWorkspace(workspaceFolder(appliance, name));
      const snapshots = await workspace.snapshots();
      if (show !== undefined) {
        const chosen = snapshots.find((it) => it.id.startsWith(show));
        const start = await workspace.start();
        if (chosen !== undefined && start !== undefined)
          return print(
            cli,
            (await workspace.diff(start.start, chosen.tree, { color: cli.terminal.screen.color })) ||
              'as the lab begins',
          );
      }
      if (snapshots.length === 0 && json !== true)
        return print(
          cli,
          'no snapshots yet: one is made before anything of yours would be overwritten, and at each check',
        );
      printListing(cli, json, snapshots, ['ID', 'WHEN', 'LAB', 'WHY'], (index) => {
        const it = snapshots[index];
        return it === undefined ? [] : [it.id, it.at, it.lab ?? '', it.reason];
      });
    });
}
