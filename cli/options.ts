import { InvalidArgumentError, Option } from '@commander-js/extra-typings';

/** Several networks can run side by side; most people have one. The name becomes a folder's. */
export function nameOption() {
  return new Option('--name <name>', 'name of the network and its workspace')
    .default('isp')
    .argParser((name: string) => {
      if (/^[a-z0-9][a-z0-9-]{0,40}$/.test(name)) return name;
      throw new InvalidArgumentError('expected lower-case letters, digits and dashes, at most 41.');
    });
}

export function jsonOption(): Option<'--json'> {
  return new Option('--json', 'print data for programs');
}
