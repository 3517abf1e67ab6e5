import { Command } from '@commander-js/extra-typings';

import { requireLab } from '#core/appliance/appliance.ts';
import { up } from '#core/appliance/up.ts';
import { goalsOf } from '#core/model/lab.ts';
import { onNetwork } from '#core/model/network-name.ts';
import { type Cli, print } from '../cli.ts';
import { nameOption } from '../options.ts';

export function upCommand(cli: Cli) {
  return new Command('up')
    .description('bring up a lab, or switch the running network to it; without a lab, the whole hardened ISP')
    .argument('[lab]', 'id of a lab, such as filtering/ingress-source')
    .option('--all', 'bring up every node of the topology, not only those the lab needs')
    .option(
      '--configs <folder>',
      'your own files, FOLDER/NODE/etc/…, laid over the solution as `test` does; what stood there before is kept',
    )
    .addOption(nameOption())
    .addHelpText('after', '\nYour edits of a lab are kept when it goes down; `up` of the same lab goes on with them.')
    .action(async (id, { all, configs, name }) => {
      const appliance = await cli.appliance();
      const lab = id === undefined ? undefined : requireLab(appliance, id);
      await cli.terminal.during('node image', (onProgress) => appliance.image({ signal: cli.signal, onProgress }));
      const { network, workspace, configuration, notes } = await cli.terminal.during(
        `bringing up ${lab?.id ?? 'the reference ISP'}`,
        (onProgress) =>
          up(appliance, {
            name,
            signal: cli.signal,
            onProgress,
            lab,
            ...(all === true ? { all } : {}),
            ...(configs === undefined ? {} : { configs }),
          }),
      );
      for (const note of notes) print(cli, onNetwork(name, note));
      print(cli, `${network.nodes.length} nodes run: ${network.nodes.join(' ')}`);
      const laid = configuration === 'fresh' ? 'as the lab begins' : 'your edits go on';
      const from = configs === undefined ? laid : `with ${configs}`;
      print(cli, `configuration (${from}): ${workspace.configs}`);
      if (lab === undefined) return;
      const goals = goalsOf(lab).map((goal) => `  · ${goal}`);
      const next = `breakwater check · breakwater shell ${lab.mend[0]} · breakwater hint · breakwater brief`;
      print(cli, ['', lab.title, ...goals, '', `next: ${onNetwork(name, next)}`].join('\n'));
    });
}
