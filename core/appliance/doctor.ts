import { existsSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';

import { runCommand } from '../exec/command.ts';
import { currentUser, parseSubIds, runInUserNamespace } from '../exec/user-namespace.ts';
import { findImage } from '../image/store.ts';
import { readFile } from 'node:fs/promises';
import type { Appliance } from './appliance.ts';

export interface HostFinding {
  readonly title: string;
  readonly ok: boolean;
  readonly found: string;
  /** The command that mends it. */
  readonly mend: string;
}

/** Host programs, and the Debian package of each. */
const tools: Readonly<Record<string, string>> = {
  crun: 'crun',
  git: 'git',
  ip: 'iproute2',
  mmdebstrap: 'mmdebstrap',
  newuidmap: 'uidmap',
  nsenter: 'util-linux',
  tar: 'tar',
  unshare: 'util-linux',
};

/** Tries what a lab needs of this computer, thing by thing, without changing anything. */
export async function examineHost(appliance: Appliance): Promise<HostFinding[]> {
  const user = currentUser();
  return [
    ...(await Promise.all(Object.entries(tools).map(([tool, debianPackage]) => examineTool(tool, debianPackage)))),
    await examineSubIds('/etc/subuid', user),
    await examineSubIds('/etc/subgid', user),
    await examineNamespaces(),
    await examineKernel(),
    ...(await Promise.all(Object.entries(appliance.paths).map(([title, folder]) => examineFolder(title, folder)))),
    examineImage(appliance),
  ];
}

async function examineTool(tool: string, debianPackage: string): Promise<HostFinding> {
  const { exitCode, stdout } = await runCommand(['sh', '-c', 'command -v "$1"', 'sh', tool]);
  return {
    title: tool,
    ok: exitCode === 0,
    found: exitCode === 0 ? stdout.trim() : 'not installed',
    mend: `sudo apt-get install ${debianPackage}`,
  };
}

async function examineSubIds(file: string, user: { uid: number; name: string }): Promise<HostFinding> {
  const range = parseSubIds(await readFile(file, 'utf8').catch(() => ''), user);
  const option = file.endsWith('uid') ? '--add-subuids' : '--add-subgids';
  return {
    title: file,
    ok: range !== undefined,
    found: range === undefined ? `no range of 65536 ids for ${user.name}` : `${range.count} ids from ${range.first}`,
    mend: `sudo usermod ${option} 100000-165535 ${user.name}   # a range that ${file} does not give to anybody else`,
  };
}

async function examineNamespaces(): Promise<HostFinding> {
  const { exitCode, stderr } = await runInUserNamespace([
    'unshare',
    '--mount',
    '--pid',
    '--net',
    '--fork',
    'true',
  ]).catch((error: Error) => ({ exitCode: 1, stderr: error.message }));
  return {
    title: 'user namespaces',
    ok: exitCode === 0,
    found: exitCode === 0 ? 'work for this user' : stderr.trim(),
    mend: existsSync('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')
      ? 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'
      : 'sudo sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000',
  };
}

/** What nodes need from the kernel: overlayfs in a user namespace (Linux 5.11), veth pairs, bridges, nftables with fib. */
async function examineKernel(): Promise<HostFinding> {
  const script = `set -e
mount -t tmpfs tmpfs /mnt; cd /mnt; mkdir l u w m
mount -t overlay overlay -o lowerdir=l,upperdir=u,workdir=w,userxattr m
ip link add a0 type veth peer name a1; ip link add b0 type bridge
command -v nft >/dev/null || exit 0
nft add table inet t; nft 'add chain inet t c { type filter hook prerouting priority raw; }'; nft add rule inet t c fib saddr . iif oif missing drop`;
  const { exitCode, stderr } = await runInUserNamespace(['unshare', '--mount', '--net', 'sh', '-c', script]).catch(
    (error: Error) => ({ exitCode: 1, stderr: error.message }),
  );
  return {
    title: 'kernel',
    ok: exitCode === 0,
    found: exitCode === 0 ? 'has overlayfs, veth, bridge and nftables for user namespaces' : stderr.trim(),
    mend: 'use Linux 5.11 or newer with the modules overlay, veth, bridge and nf_tables: sudo modprobe -a overlay veth bridge nf_tables',
  };
}

async function examineFolder(title: string, folder: string): Promise<HostFinding> {
  const problem = await mkdir(folder, { recursive: true })
    .then(() => access(folder, constants.W_OK))
    .then(() => undefined)
    .catch((error: Error) => error.message);
  return {
    title: `${title} folder`,
    ok: problem === undefined,
    found: problem ?? folder,
    mend: `mkdir -p ${folder} && sudo chown ${currentUser().name} ${folder}`,
  };
}

function examineImage({ store, recipe }: Appliance): HostFinding {
  const found = findImage(store, recipe) !== undefined;
  return {
    title: 'node image',
    ok: found,
    found: `${recipe.id} ${found ? 'is ready' : 'is not built'}`,
    mend: 'breakwater image build',
  };
}
