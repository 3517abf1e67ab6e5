import { text } from 'node:stream/consumers';

import { Command } from '@commander-js/extra-typings';

import { attach } from '#core/appliance/attach.ts';
import { noteTouched } from '#core/appliance/since-judged.ts';
import { runInteractively } from '#core/exec/interactive.ts';
import type { Cli } from '../cli.ts';
import { nameOption } from '../options.ts';

export function execCommand(cli: Cli) {
  return new Command('exec')
    .description('run one command on a node and exit as it did')
    .argument('<node>', 'name of a node')
    .argument('<command...>', 'the command and its arguments, after --')
    .option('-i, --stdin', 'pass our standard input on, to its end')
    .addOption(nameOption())
    .passThroughOptions()
    .addHelpText(
      'after',
      "\nExample: breakwater exec br1 -- vtysh -c 'show bgp summary'\n         breakwater exec -i pe1 -- nft -f - <my-filter.nft",
    )
    .action(async (node, words, { name, stdin }) => {
      // Everything after the node is the command's own, the customary `--` apart.
      const argv = words[0] === '--' ? words.slice(1) : words;
      const appliance = await cli.appliance();
      const { network } = await attach(appliance, name);
      if (stdin !== true && process.stdin.isTTY && process.stdout.isTTY)
        cli.exitWith(await runInteractively(network.node(node).shell(argv)));
      else {
        const input = stdin === true ? await text(process.stdin) : undefined;
        const result = await network.node(node).exec(argv, { input, signal: cli.signal });
        cli.terminal.output.write(result.stdout);
        cli.terminal.errors.write(result.stderr);
        cli.exitWith(result.exitCode);
      }
      await noteTouched(appliance, name, node);
      await network.collectEdits();
    });
}
