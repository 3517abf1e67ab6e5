import { Command } from '@commander-js/extra-typings';

import { readOwnFiles, requireOutput, writeFiles } from '#core/appliance/own-files.ts';
import { LabError } from '#core/model/errors.ts';
import { type Cli, print } from '../cli.ts';

export function renderCommand(cli: Cli) {
  return new Command('render')
    .description('show what templates become, without a network')
    .argument('[node]', 'name of a node; all without')
    .requiredOption('--configs <folder>', 'your own files, FOLDER/NODE/etc/…, as for `test`; *.j2 are rendered')
    .option('--out <folder>', 'write all files there, those that are no templates too; it must be empty or not there')
    .addHelpText(
      'after',
      '\nExample: breakwater render pe1 --configs network/\nThe facts that a template can use: breakwater facts NODE --json',
    )
    .action(async (node, { configs, out }) => {
      const appliance = await cli.appliance();
      if (node !== undefined && !appliance.topology.nodes.has(node))
        throw new LabError('unknown-name', `there is no node ${node}`, {
          hint: `one of ${[...appliance.topology.nodes.keys()].join(' ')}`,
        });
      if (out !== undefined) await requireOutput(out, configs);
      const { files } = await cli.terminal.during('reading', (onProgress) =>
        readOwnFiles(appliance, configs, { signal: cli.signal, onProgress }),
      );
      const wanted = files.filter((it) => node === undefined || it.path.startsWith(`${node}/`));
      if (out === undefined) {
        const rendered = wanted.filter((it) => it.template !== undefined);
        if (rendered.length === 0)
          print(cli, `there is no template${node === undefined ? '' : ` of ${node}`} in ${configs}`);
        for (const { path, content } of rendered)
          print(cli, `==> ${path} <==\n${content.toString('utf8').trimEnd()}\n`);
        return;
      }
      await writeFiles(wanted, out);
      print(cli, `${wanted.length} files in ${out}`);
    });
}
