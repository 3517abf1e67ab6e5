import { Command } from '@commander-js/extra-typings';

import { requireLab } from '#core/appliance/appliance.ts';
import { attach } from '#core/appliance/attach.ts';
import { onNetwork } from '#core/model/network-name.ts';
import { goalsOf } from '#core/model/lab.ts';
import { type Cli, print } from '../cli.ts';
import { nameOption } from '../options.ts';

export function briefCommand(cli: Cli) {
  return new Command('brief')
    .description('what the lab is about: the text for the trainee')
    .argument('[lab]', 'id of a lab; the running one without it')
    .addOption(nameOption())
    .action(async (id, { name }) => {
      const appliance = await cli.appliance();
      const lab = id === undefined ? (await attach(appliance, name)).lab : requireLab(appliance, id);
      if (lab === undefined) return print(cli, 'the network is at no lab: it runs the hardened baseline');
      print(
        cli,
        `${onNetwork(name, lab.brief.trimEnd())}\n\n## Goals\n\n${goalsOf(lab)
          .map((goal) => `- ${goal}`)
          .join('\n')}`,
      );
    });
}
