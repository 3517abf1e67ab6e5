import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

import { execa } from 'execa';

import { LabError } from '../model/errors.ts';
import { closeOutputAfterExit } from './close-output.mjs';
import { environment } from './environment.ts';
import { withoutInheritedFiles } from './inherited-files.ts';
import { launch } from './launcher.ts';

/** What a finished command left, in the same shape for success and failure. */
export interface CommandResult {
  readonly argv: readonly string[];
  /** 127 when it could not start, 128 + n when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  readonly timedOut: boolean;
}

export interface CommandOptions {
  readonly input?: string | Buffer;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** In a process group of its own, which ends as a whole at the deadline and when cancelled; Ctrl-C in our terminal does not reach it. */
  readonly group?: boolean;
}

/**
 * Runs one command to its end. A non-zero exit is a result; only cancellation throws, by `signal` or by
 * a Ctrl-C in our terminal, which ends a command before we hear of it. Waits for the process, not for
 * its output to close: daemons it starts may inherit the pipes (dovecot does).
 */
export async function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file, ...rest] = withoutInheritedFiles(argv);
  if (file === undefined || argv.length === 0) throw new LabError('usage', 'an empty command');
  options.signal?.throwIfAborted();
  const child = execa(file, rest, {
    reject: false,
    stripFinalNewline: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    cwd: options.cwd,
    env: environment(options.env),
    timeout: options.timeoutMs,
    cancelSignal: options.signal,
    forceKillAfterDelay: 1000,
    detached: options.group === true,
  });
  closeOutputAfterExit(child);
  if (options.group === true) endGroupAfterSignal(child);
  const result = await child;
  if (result.isCanceled || (options.group !== true && !result.timedOut && isInterruption(result.signal)))
    throw new LabError('cancelled', `cancelled: ${argv.join(' ')}`, { cause: options.signal?.reason });
  return {
    argv,
    exitCode: result.exitCode ?? (result.signal === undefined ? 127 : exitCodeOfSignal(result.signal)),
    stdout: result.stdout ?? '',
    stderr: result.stderr || (result.exitCode === undefined ? (result.shortMessage ?? '') : ''),
    durationMs: result.durationMs,
    timedOut: result.timedOut,
  };
}

/**
 * Like {@link runCommand} with a group of its own, by way of the launcher: for what is done on the nodes, where
 * hundreds of commands are run.
 */
export async function launchCommand(
  argv: readonly string[],
  { input, timeoutMs, signal }: Pick<CommandOptions, 'input' | 'timeoutMs' | 'signal'> = {},
): Promise<CommandResult> {
  signal?.throwIfAborted();
  const began = performance.now();
  const command = launch(argv, { hasInput: input !== undefined });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  command.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  command.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  command.stdin?.end(input);

  let timedOut = false;
  let lastResort: NodeJS.Timeout | undefined;
  const end = (): void => {
    command.signal('SIGTERM');
    lastResort ??= setTimeout(() => command.signal('SIGKILL'), 1000);
  };
  const deadline = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutMs ?? longestTimer);
  signal?.addEventListener('abort', end, { once: true });
  const exitCode = await new Promise<number>((resolve) => {
    command.once('error', ({ message }) => {
      err.push(Buffer.from(message));
      resolve(127);
    });
    command.once('close', (code, ending) => resolve(code ?? (ending === null ? 127 : exitCodeOfSignal(ending))));
  });
  clearTimeout(deadline);
  clearTimeout(lastResort);
  signal?.removeEventListener('abort', end);
  if (signal?.aborted === true)
    throw new LabError('cancelled', `cancelled: ${argv.join(' ')}`, { cause: signal.reason });
  return {
    argv,
    exitCode,
    stdout: Buffer.concat(out).toString('utf8'),
    stderr: Buffer.concat(err).toString('utf8'),
    durationMs: performance.now() - began,
    timedOut,
  };
}

/** Milliseconds; a longer one would end at once (Node's setTimeout). */
const longestTimer = 2 ** 31 - 1;

/** A signal that ended the command is passed on to what the command had started: nsenter(1) does not do that itself. */
function endGroupAfterSignal(child: ChildProcess): void {
  child.once('exit', (_code, signal) => {
    if (signal !== null) signalGroup(child, signal);
  });
}

/** Sends a signal to all of a command's process group. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // ESRCH: all of them have ended already.
  }
}

/** What a terminal or a service manager sends to a whole process group, ours. */
function isInterruption(signal: string | undefined): boolean {
  return signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP';
}

/** 128 + n, as a shell says it (POSIX, Shell Command Language §2.8.2). */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Like {@link runCommand}, for commands whose failure means that we cannot go on. */
export async function mustRun(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const result = await runCommand(argv, options);
  if (result.exitCode !== 0) throw commandFailed(result);
  return result;
}

/** Reason, command, and the end of what it said. */
export function commandFailed(result: CommandResult): LabError {
  const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-12).join('\n');
  const reason = result.timedOut
    ? `timed out after ${Math.round(result.durationMs)} ms`
    : `exit code ${result.exitCode}`;
  return new LabError('command-failed', `${reason}: ${result.argv.join(' ')}${said === '' ? '' : `\n${said}`}`);
}
