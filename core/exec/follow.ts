import { execa } from 'execa';

import { LabError } from '../model/errors.ts';
import { signalGroup } from './command.ts';
import { environment } from './environment.ts';
import { withoutInheritedFiles } from './inherited-files.ts';

/** How long a cancelled command has to tidy up. */
const graceMs = 5000;

/**
 * Runs a long command and hands over its output line by line, stdout and stderr together. Throws when
 * it fails. Cancelled, all of its process group ends: a program may wait for its children for ever.
 */
export async function followCommand(
  argv: readonly string[],
  options: { signal?: AbortSignal; env?: Readonly<Record<string, string>>; onLine?: (line: string) => void } = {},
): Promise<void> {
  const [file, ...rest] = withoutInheritedFiles(argv);
  if (file === undefined || argv.length === 0) throw new LabError('usage', 'an empty command');
  const { signal } = options;
  signal?.throwIfAborted();
  const child = execa(file, rest, {
    reject: false,
    all: true,
    stdin: 'ignore',
    env: environment(options.env),
    detached: true,
  });
  let lastResort: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    signalGroup(child, 'SIGTERM');
    lastResort = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  const tail: string[] = [];
  for await (const line of child.iterable({ from: 'all' })) {
    tail.push(String(line));
    if (tail.length > 12) tail.shift();
    options.onLine?.(String(line));
  }
  const result = await child;
  clearTimeout(lastResort);
  signal?.removeEventListener('abort', cancel);
  if (signal?.aborted === true) throw new LabError('cancelled', `cancelled: ${argv[0]}`);
  if (result.failed) throw new LabError('command-failed', `${result.shortMessage ?? argv[0]}\n${tail.join('\n')}`);
}
