import { Command } from '@commander-js/extra-typings';

import { LabError } from '#core/model/errors.ts';
import { factsOf } from '#core/model/facts.ts';
import { type Cli, print } from '../cli.ts';
import { jsonOption } from '../options.ts';

export function factsCommand(cli: Cli) {
  return new Command('facts')
    .description('what a template can use about a node: role, addresses, neighbours, customers')
    .argument('[node]', 'name of a node; all without')
    .addOption(jsonOption())
    .action(async (node, { json }) => {
      const { plan } = await cli.appliance();
      const names = node === undefined ? Object.keys(plan.nodes) : [node];
      for (const name of names)
        if (plan.nodes[name] === undefined)
          throw new LabError('unknown-name', `there is no node ${name}`, {
            hint: `one of ${Object.keys(plan.nodes).join(' ')}`,
          });
      if (json === true || node !== undefined)
        return print(
          cli,
          JSON.stringify(
            node === undefined
              ? Object.fromEntries(names.map((name) => [name, factsOf(plan, name)]))
              : factsOf(plan, node),
            null,
            2,
          ),
        );
      print(cli, names.map((name) => `${name.padEnd(10)}${plan.nodes[name]?.title ?? ''}`).join('\n'));
    });
}
