import ora from 'ora';

import { visible } from '#core/model/visible.ts';
import { type Screen, screenOf } from '#core/report/reporter.ts';
import { type Outlet, outletOf } from './outlet.ts';

/** Where the command line speaks: results on stdout, progress and errors on stderr, so that output can be piped. */
export interface Terminal {
  readonly screen: Screen;
  readonly errors: Screen;
  /** What is behind `screen`. */
  readonly output: Outlet;
  /** Shows what is being done while `work` does it: a live line on a terminal, plain lines elsewhere. */
  during<T>(title: string, work: (onProgress: (message: string) => void) => Promise<T>): Promise<T>;
}

export function openTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const output = outletOf(stdout);
  // Nobody reads our progress any more; the work goes on.
  const errors = screenOf(stderr, env, outletOf(stderr).write);
  return {
    screen: screenOf(stdout, env, output.write),
    errors,
    output,
    during: (title, work) => (errors.live ? spin(title, stderr, work) : plain(title, errors, work)),
  };
}

async function spin<T>(
  title: string,
  stream: NodeJS.WriteStream,
  work: (onProgress: (message: string) => void) => Promise<T>,
): Promise<T> {
  const shown = visible(title);
  const began = Date.now();
  // Ctrl-C is ours to handle: ora must neither swallow it nor leave the cursor hidden.
  const spinner = ora({ stream, discardStdin: false, text: shown, isEnabled: true }).start();
  try {
    const result = await work((message) => (spinner.text = `${shown}: ${visible(message)}`));
    spinner.succeed(`${shown} (${seconds(began)})`);
    return result;
  } catch (error) {
    spinner.fail(shown);
    throw error;
  }
}

async function plain<T>(
  title: string,
  screen: Screen,
  work: (onProgress: (message: string) => void) => Promise<T>,
): Promise<T> {
  const began = Date.now();
  screen.write(`${title}\n`);
  const result = await work((message) => screen.write(`  ${message}\n`));
  screen.write(`${title}: done (${seconds(began)})\n`);
  return result;
}

function seconds(began: number): string {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
