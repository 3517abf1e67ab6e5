import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { LabError } from '../model/errors.ts';
import { exitCodeOfSignal } from './command.ts';
import { environment } from './environment.ts';
import { withoutInheritedFiles } from './inherited-files.ts';
import { launch } from './launcher.ts';

/** A long-running command that ends when we close its standard input, which happens by itself when we die. */
export interface TiedProcess {
  /** Resolves with the first line of output that matches; rejects when the process ends first or the deadline passes. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<string>;
  stdout(): Buffer;
  stderr(): string;
  write(text: string): void;
  /** Closes its input and waits for its end. */
  stop(): Promise<void>;
  /** Settles with the exit code; never rejects. */
  readonly ended: Promise<number>;
  readonly pid: number | undefined;
  /** Lets this process exit while the other goes on. */
  release(): void;
}

export interface TiedProcessOptions {
  /** Stops it as `stop` does. */
  readonly signal?: AbortSignal;
  /** In a session of its own, so that Ctrl-C in our terminal does not reach it. */
  readonly detached?: boolean;
  /** Every line of its standard output, as it comes. */
  readonly onLine?: (line: string) => void;
  /** Takes standard output as it comes; it is not kept then. */
  readonly onStdout?: (chunk: Buffer) => void;
  /** By way of the launcher, in a session of its own. */
  readonly launched?: boolean;
}

export function spawnTied(argv: readonly string[], options: TiedProcessOptions = {}): TiedProcess {
  const child = options.launched === true ? launch(argv, { hasInput: true }) : startHere(argv, options);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const watchers = new Set<() => void>();
  const notify = (): void => watchers.forEach((watch) => watch());
  child.stdout.on('data', options.onStdout ?? ((chunk: Buffer) => (out.push(chunk), notify())));
  if (options.onLine !== undefined) createInterface({ input: child.stdout }).on('line', options.onLine);
  child.stderr.on('data', (chunk: Buffer) => (err.push(chunk), notify()));
  // The other side may be gone before we are done writing; its exit code says so, not the pipe.
  child.stdin?.on('error', () => {});
  let finished = false;
  const ended = new Promise<number>((resolve) => {
    const finish = (code: number): void => {
      finished = true;
      resolve(code);
      notify();
    };
    child.once('error', (error) => {
      err.push(Buffer.from(error.message));
      finish(127);
    });
    child.once('close', (code, signal) => finish(code ?? (signal === null ? 127 : exitCodeOfSignal(signal))));
  });
  // Joined when it is read, and once: whoever follows a capture reads it again and again.
  const stdout = (): Buffer => {
    if (out.length > 1) out.splice(0, out.length, Buffer.concat(out));
    return out[0] ?? Buffer.alloc(0);
  };
  const stderr = (): string => Buffer.concat(err).toString('utf8');
  const stop = async (): Promise<void> => {
    child.stdin?.end();
    await ended;
  };
  options.signal?.addEventListener('abort', () => child.stdin?.end(), { once: true });

  const waitFor = (pattern: RegExp, timeoutMs: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const settle = (settleWith: () => void): void => {
        clearTimeout(deadline);
        watchers.delete(look);
        settleWith();
      };
      const look = (): void => {
        const line = `${stderr()}\n${stdout().toString('utf8')}`.split('\n').find((text) => pattern.test(text));
        if (line !== undefined) settle(() => resolve(line));
        else if (finished)
          settle(() =>
            reject(
              new LabError(
                'command-failed',
                `${argv.join(' ')} ended before it said ${pattern}: ${stderr().trim().split('\n').at(-1) ?? ''}`,
              ),
            ),
          );
      };
      const deadline = setTimeout(
        () =>
          settle(() =>
            reject(new LabError('timeout', `${argv.join(' ')} did not say ${pattern} within ${timeoutMs} ms`)),
          ),
        timeoutMs,
      );
      watchers.add(look);
      look();
    });

  return {
    waitFor,
    stdout,
    stderr,
    write: (text) => void child.stdin?.write(text),
    stop,
    ended,
    pid: child.pid,
    release: () => {
      child.stdin?.end();
      child.stdout.destroy();
      child.stderr.destroy();
      if ('unref' in child) child.unref();
    },
  };
}

function startHere(argv: readonly string[], { detached = false }: TiedProcessOptions): ChildProcessWithoutNullStreams {
  const [file = '', ...rest] = withoutInheritedFiles(argv);
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'], detached, env: environment() });
  // What it left behind may hold our pipes open for ever.
  child.once('exit', () =>
    setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream.destroy()), 1000).unref(),
  );
  return child;
}
