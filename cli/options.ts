import { InvalidArgumentError, Option } from '@commander-js/extra-typings';

import { defaultNetwork } from '#core/model/network-name.ts';

/** Several networks can run side by side; most people have one. The name becomes a folder's. */
export function nameOption() {
  return new Option('--name <name>', 'name of the network and its workspace')
    .default(defaultNetwork)
    .argParser((name: string) => {
      if (/^[a-z0-9][a-z0-9-]{0,40}$/.test(name)) return name;
      throw new InvalidArgumentError('expected lower-case letters, digits and dashes, at most 41.');
    });
}

/** Where a class is large, each run tries other values of it; with the seed of a run it tries the same. */
export function seedOption() {
  return new Option('--seed <number>', 'the seed that an earlier run printed, to try the same drawn values').argParser(
    (text: string) => {
      const seed = Number(text);
      if (/^\d+$/.test(text) && seed < 2 ** 32) return seed;
      throw new InvalidArgumentError('expected a whole number from 0 to 4294967295.');
    },
  );
}

export function jsonOption(): Option<'--json'> {
  return new Option('--json', 'print data for programs');
}
