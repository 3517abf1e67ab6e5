import { Command } from '@commander-js/extra-typings';

import { exportImage, importImage } from '#core/image/transfer.ts';
import { findImage } from '#core/image/store.ts';
import { type Cli, print } from '../cli.ts';

export function imageCommand(cli: Cli) {
  const image = new Command('image').description('the node image: one for all nodes').helpCommand(false);
  image
    .command('build')
    .description('build what is missing; needs a Debian mirror the first time')
    .action(async () => {
      const appliance = await cli.appliance();
      const { id } = await cli.terminal.during('node image', (onProgress) =>
        appliance.image({ signal: cli.signal, onProgress }),
      );
      print(cli, `the node image ${id} is ready`);
    });
  image
    .command('status')
    .description('say whether the image of this version is there; exit code 1 when not')
    .action(async () => {
      const { store, recipe } = await cli.appliance();
      const found = findImage(store, recipe);
      print(
        cli,
        found === undefined
          ? `the node image ${recipe.id} is not there\nnext: breakwater image build`
          : `the node image ${recipe.id} is ready`,
      );
      cli.exitWith(found === undefined ? 1 : 0);
    });
  image
    .command('export')
    .description('write the image as a tar, for machines with no network and for `docker import`')
    .argument('<file>', 'the tar to write')
    .action(async (file) => {
      const { store, recipe } = await cli.appliance();
      await cli.terminal.during(`writing ${file}`, () => exportImage(store, recipe, file, cli.signal));
    });
  image
    .command('import')
    .description('take the image from a tar that `image export` wrote')
    .argument('<file>', 'the tar')
    .action(async (file) => {
      const { store, recipe } = await cli.appliance();
      await cli.terminal.during(`reading ${file}`, () => importImage(store, recipe, file, cli.signal));
      print(cli, `the node image ${recipe.id} is ready`);
    });
  return image;
}
