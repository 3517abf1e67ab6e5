import { Command } from '@commander-js/extra-typings';

import { attach } from '#core/appliance/attach.ts';
import { nextHint } from '#core/appliance/progress.ts';
import { LabError } from '#core/model/errors.ts';
import { onNetwork } from '#core/model/network-name.ts';
import { type Cli, print } from '../cli.ts';
import { nameOption } from '../options.ts';

export function hintCommand(cli: Cli) {
  return new Command('hint')
    .description('the next hint of the running lab; each call goes one step further')
    .option('--again', 'show those seen so far once more')
    .addOption(nameOption())
    .action(async ({ again, name }) => {
      const appliance = await cli.appliance();
      const { lab } = await attach(appliance, name);
      if (lab === undefined) throw new LabError('usage', `${name} is at no lab`, { hint: 'breakwater up LAB' });
      const { seen, total } = await nextHint(appliance, lab, again === true);
      const shown =
        again === true
          ? lab.hints.slice(0, seen).map((hint, index) => ({ hint, step: index + 1 }))
          : [{ hint: lab.hints[seen - 1] ?? '', step: seen }];
      for (const { hint, step } of shown)
        print(cli, `hint ${step} of ${total}\n\n${onNetwork(name, hint.trimEnd())}\n`);
      if (shown.length === 0) print(cli, 'no hint has been shown yet');
    });
}
