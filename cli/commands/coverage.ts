import { Command } from '@commander-js/extra-typings';

import { coverageBySection } from '#core/appliance/coverage.ts';
import { formatDiagnostic } from '#core/model/diagnostic.ts';
import { type Cli, print } from '../cli.ts';
import { jsonOption } from '../options.ts';
import { formatTable } from '../table.ts';

export function coverageCommand(cli: Cli) {
  return new Command('coverage')
    .description('which controls of RFC 3013 and its draft have a lab, by document and section')
    .addOption(jsonOption())
    .action(async ({ json }) => {
      const { controls, statements, brokenRows } = await cli.appliance();
      for (const it of brokenRows) cli.terminal.errors.write(`${formatDiagnostic(it)}\n`);
      const { sections, total } = coverageBySection(controls, statements);
      if (json === true)
        return print(
          cli,
          JSON.stringify({ schema: 'breakwater.coverage/1', total, sections, controls, statements }, null, 2),
        );
      print(
        cli,
        formatTable(
          ['SECTION', 'CONTROLS', 'IN LABS', 'STATEMENTS', 'IN LABS', 'PLANNED OR OUTSIDE A LAB'],
          sections.map(({ section, controls: all, covered, statements: said, exercised }) => [
            section,
            String(all.length),
            String(covered.length),
            String(said.length),
            String(exercised.length),
            all.filter((id) => !covered.includes(id)).join(' '),
          ]),
        ),
      );
      print(
        cli,
        `\n${total.covered} of ${total.controls} controls have a lab, which answers for ${total.exercised} of ${total.statements} statements`,
      );
    });
}
