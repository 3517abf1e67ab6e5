import { z } from 'zod';

import { LabError } from '../../model/errors.ts';
import type { Family } from '../../model/plan.ts';
import type { Node } from '../../runtime/runtime.ts';

/** A login, as the image's `ssh-logins` takes it. */
export interface Login {
  readonly family: Family;
  readonly address: string;
  /** Our own address; the kernel chooses when left out. */
  readonly source?: string;
  readonly user: string;
  readonly options: readonly string[];
  /** The private key, as text. Without key and password a client without any credentials calls. */
  readonly key?: string;
  readonly password?: string;
  /** `host:port` to be connected onwards to, in place of running a command. */
  readonly forward?: string;
}

/** How far a login got. */
export const LoginResult = z.strictObject({
  outcome: z.enum(['unreachable', 'closed', 'untried', 'refused', 'entered']),
  /** What decided: the last word of ssh, or how the login was proved. */
  said: z.string(),
  /** What the command, or the connection onwards, said. */
  output: z.string(),
  /** What ssh told of the negotiation. */
  transcript: z.string(),
});
export type LoginResult = z.infer<typeof LoginResult>;

/** Tries logins from a node, all in one program call; results in the order of the logins. */
export async function tryLogins(node: Node, logins: readonly Login[], signal: AbortSignal): Promise<LoginResult[]> {
  if (logins.length === 0) return [];
  const { exitCode, stdout, stderr } = await node.exec(['/usr/lib/breakwater/attacks/ssh-logins'], {
    input: JSON.stringify(logins),
    signal,
  });
  if (exitCode !== 0)
    throw new LabError(
      'command-failed',
      `ssh-logins on ${node.name}: ${stderr.trim().split('\n').at(-1) || `exit code ${exitCode}`}`,
    );
  return z.array(LoginResult).length(logins.length).parse(JSON.parse(stdout));
}

/**
 * The private keys that lie on a node as they are now, so that a trainee may change them. Without a file
 * every key of a user that is found: whoever broke into a machine takes all of them.
 */
export async function stealKeys(node: Node, file: string | undefined, signal: AbortSignal): Promise<string[]> {
  const find =
    'grep -rlsE -e "BEGIN .*PRIVATE KEY" -- "$@" | while read -r key; do cat "$key"; printf "\\0"; done; true';
  const places = file === undefined ? ['/etc/ssh', '/root', '/home'] : [file];
  const { stdout } = await node.exec(['sh', '-c', find, 'sh', ...places], { signal });
  return stdout.split('\0').filter((key) => key.trim() !== '');
}

/** The command that repeats a login by hand. */
export function sshCommand(
  from: string,
  { address, user, options, key, password, forward }: Login,
  where = 'KEY',
): string {
  const words = [
    'ssh',
    ...(key === undefined ? [] : [`-i ${where}`]),
    ...(password === undefined ? [] : ['-o PubkeyAuthentication=no']),
    ...options.map((option) => `-o ${option}`),
    ...(forward === undefined ? [] : [`-W ${forward}`]),
    `${user}@${address}`,
  ];
  return `breakwater exec ${from} -- ${words.join(' ')}${password === undefined ? '' : `   # password: ${password}`}`;
}
