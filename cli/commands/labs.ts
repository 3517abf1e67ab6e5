import { Command } from '@commander-js/extra-typings';

import { formatDiagnostic } from '#core/model/diagnostic.ts';
import { type Cli, print, printListing } from '../cli.ts';
import { jsonOption } from '../options.ts';

export function labsCommand(cli: Cli) {
  return new Command('labs')
    .description('list the labs')
    .addOption(jsonOption())
    .action(async ({ json }) => {
      const appliance = await cli.appliance();
      const sound = [...appliance.labs.values()].map(({ id, title, summary, minutes, controls, nodes, checks }) => ({
        id,
        title,
        summary,
        minutes,
        controls,
        nodes,
        checks: checks.map((it) => it.id),
      }));
      const broken = appliance.brokenLabs.map(({ id, diagnostics }) => ({ id, problems: diagnostics }));
      const rows = [...sound, ...broken];
      printListing(cli, json, rows, ['LAB', 'MINUTES', 'NODES', 'TITLE'], (index) => {
        const row = rows[index];
        if (row === undefined) return [];
        return 'problems' in row
          ? [row.id, '-', '-', `cannot be used: ${row.problems.length} problem${row.problems.length === 1 ? '' : 's'}`]
          : [row.id, String(row.minutes), String(row.nodes.length), row.title];
      });
      if (json === true) return;
      for (const { problems } of broken) print(cli, `\n${problems.map(formatDiagnostic).join('\n')}`);
    });
}
