import { Command } from '@commander-js/extra-typings';

import { requireLab } from '#core/appliance/appliance.ts';
import { tour } from '#core/appliance/tour.ts';
import { LabError } from '#core/model/errors.ts';
import { multiplex } from '#core/report/multiplexer.ts';
import { selectReporters } from '#core/report/registry.ts';
import { type Cli, print } from '../cli.ts';

export function tourCommand(cli: Cli) {
  return new Command('tour')
    .description('one lab from end to end: attack it, mend it, attack it again')
    .argument('[lab]', 'id of a lab', 'filtering/ingress-source')
    .action(async (id) => {
      const appliance = await cli.appliance();
      const lab = requireLab(appliance, id);
      await cli.terminal.during('node image', (onProgress) => appliance.image({ signal: cli.signal, onProgress }));
      print(cli, `\n${lab.title}\n${lab.summary}\n`);
      const context = {
        screen: cli.terminal.screen,
        verbose: false,
        plan: appliance.plan,
        controls: appliance.controls,
      };
      const { before, after } = await tour(appliance, lab, {
        signal: cli.signal,
        act: (title, work) => cli.terminal.during(title, work),
        observe: async (title, run) => {
          print(cli, `\n${title}\n`);
          const reporters = multiplex(selectReporters('console', context));
          const result = await run(reporters.listener);
          await reporters.finish();
          return result;
        },
      });
      if (before.verdict !== 'fail' || after.verdict !== 'pass')
        throw new LabError(
          'not-ready',
          `expected the attack to work before and to be stopped after; got ${before.verdict} and ${after.verdict}`,
          { hint: `breakwater verify ${lab.id}` },
        );
      print(
        cli,
        `\nThe attack worked, the control went on, the attack stopped, and the service went on.\n\nNow you: ./bin/breakwater up ${lab.id}\n         ./bin/breakwater check\n         ./bin/breakwater hint`,
      );
    });
}
