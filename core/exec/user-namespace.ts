import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

import { LabError } from '../model/errors.ts';
import { type CommandOptions, type CommandResult, mustRun, runCommand } from './command.ts';

/** How many ids a node's users need; the smallest range that Debian hands out. */
const idsNeeded = 65_536;

/**
 * The `unshare` arguments that put a process into a user namespace over our sub-ids, as root there.
 * An ordinary user keeps his own id as 0 and has his sub-ids above it, so that files root writes
 * inside are his outside. Root drops: 0 inside is the first sub-id outside, so that nothing inside
 * owns anything of the host (subuid(5), user_namespaces(7)).
 */
export function userNamespaceArguments(user: { uid: number; name: string } = currentUser()): readonly string[] {
  if (user.uid !== 0) return ['--user', '--map-auto', '--map-root-user'];
  const uids = subIdRange('/etc/subuid', user);
  const gids = subIdRange('/etc/subgid', user);
  return [
    '--user',
    `--map-users=${uids.first},0,${idsNeeded}`,
    `--map-groups=${gids.first},0,${idsNeeded}`,
    '--setuid',
    '0',
    '--setgid',
    '0',
  ];
}

/**
 * Runs a command as root of a fresh user namespace over our sub-ids: the way to read and write files that nodes own.
 * It stands in / where nothing else is said: sub-ids may not be let into the folder that we stand in.
 */
export async function runInUserNamespace(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return runCommand(['unshare', ...userNamespaceArguments(), '--', ...argv], { cwd: '/', ...options });
}

export async function mustRunInUserNamespace(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return mustRun(['unshare', ...userNamespaceArguments(), '--', ...argv], { cwd: '/', ...options });
}

export function currentUser(): { uid: number; name: string } {
  const { uid, username } = userInfo();
  return { uid, name: username };
}

/** The first range of at least 65,536 ids that `file` grants to the user by name or number (subuid(5)). */
export function subIdRange(file: string, user: { uid: number; name: string }): { first: number; count: number } {
  const range = parseSubIds(readFileSync(file, 'utf8'), user);
  if (range === undefined) {
    throw new LabError('missing-tool', `${file} grants ${user.name} no range of ${idsNeeded} ids`, {
      hint: 'breakwater doctor',
    });
  }
  return range;
}

export function parseSubIds(
  text: string,
  user: { uid: number; name: string },
): { first: number; count: number } | undefined {
  for (const line of text.split('\n')) {
    const [owner, first, count] = line.trim().split(':');
    if ((owner === user.name || owner === String(user.uid)) && Number(count) >= idsNeeded)
      return { first: Number(first), count: Number(count) };
  }
  return undefined;
}
