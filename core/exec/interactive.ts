import { execa } from 'execa';

import { LabError } from '../model/errors.ts';
import { exitCodeOfSignal } from './command.ts';
import { environment } from './environment.ts';

/** Runs a command on our own terminal and returns its exit code. Ctrl-C belongs to it while it runs. */
export async function runInteractively(argv: readonly string[]): Promise<number> {
  const [file, ...rest] = argv;
  if (file === undefined) throw new LabError('usage', 'an empty command');
  const leaveItToTheChild = (): void => {};
  process.on('SIGINT', leaveItToTheChild);
  try {
    const result = await execa(file, rest, { stdio: 'inherit', reject: false, env: environment() });
    return result.exitCode ?? (result.signal === undefined ? 127 : exitCodeOfSignal(result.signal));
  } finally {
    process.off('SIGINT', leaveItToTheChild);
  }
}
