import { Command, Option } from '@commander-js/extra-typings';

import { versionsOf } from '#core/image/versions.ts';
import { exportImage, importImage } from '#core/image/transfer.ts';
import { buildImage } from '#core/image/build.ts';
import { readRecipe, suiteNamed, suites } from '#core/image/recipe.ts';
import { findImage, requireImage } from '#core/image/store.ts';
import { type Cli, print, printListing } from '../cli.ts';
import { jsonOption } from '../options.ts';

export function imageCommand(cli: Cli) {
  const image = new Command('image').description('the node image: one for all nodes').helpCommand(false);
  image
    .command('build')
    .description('build what is missing; needs a Debian mirror the first time')
    .addOption(
      new Option('--suite <suite>', "Debian's suite: the daemons of trixie (13), or of bookworm (12)")
        .choices(suites)
        .env('BREAKWATER_SUITE'),
    )
    .addHelpText(
      'after',
      `
Labs are made for the daemons of ${suites[0]}. Where your routers are as old as those of bookworm (FRR 8.4):
  breakwater image build --suite bookworm
  BREAKWATER_SUITE=bookworm breakwater test routing/filter-bogus --configs DIR`,
    )
    .action(async ({ suite }) => {
      const { store, recipe: current } = await cli.appliance();
      const recipe = suite === undefined ? current : await readRecipe(current.folder, suiteNamed(suite));
      const { id } = await cli.terminal.during('node image', (onProgress) =>
        buildImage(store, recipe, { signal: cli.signal, onProgress }),
      );
      print(cli, `the node image ${id} (${recipe.suite}) is ready`);
      if (recipe.suite !== current.suite) print(cli, `next: BREAKWATER_SUITE=${recipe.suite} breakwater up`);
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
    .command('versions')
    .description('say which daemons the image has, and in which version')
    .addOption(jsonOption())
    .action(async ({ json }) => {
      const { store, recipe } = await cli.appliance();
      const versions = await versionsOf(requireImage(store, recipe));
      printListing(cli, json, versions, ['NAME', 'VERSION', 'PACKAGE'], (index) => {
        const it = versions[index];
        return it === undefined ? [] : [it.name, it.version, it.package];
      });
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
