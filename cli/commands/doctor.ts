import { Command } from '@commander-js/extra-typings';
import pc from 'picocolors';

import { examineHost } from '#core/appliance/doctor.ts';
import { type Cli, print } from '../cli.ts';
import { jsonOption } from '../options.ts';

export function doctorCommand(cli: Cli) {
  return new Command('doctor')
    .description('what this computer lacks, and the command that mends it; exit code 3 when something is missing')
    .addOption(jsonOption())
    .action(async ({ json }) => {
      const findings = await examineHost(await cli.appliance());
      const colors = pc.createColors(cli.terminal.screen.color);
      if (json === true) print(cli, JSON.stringify(findings, null, 2));
      else
        for (const { title, ok, found, mend } of findings)
          print(
            cli,
            `${ok ? colors.green('✔') : colors.red('✖')} ${title}: ${found}${ok ? '' : `\n    mend: ${mend}`}`,
          );
      cli.exitWith(findings.every((it) => it.ok) ? 0 : 3);
    });
}
