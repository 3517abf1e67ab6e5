import type { Image } from '../image/store.ts';
import { seccompFilter } from '../runtime/rootless/seccomp.ts';

/** What the program may use: a megabyte of text is made with a tenth of it. */
const memoryBytes = 1024 ** 3;

/** Whoever it is, it is nobody who owns a file: outside this is a sub-id that no node runs under either. */
const user = 60_000;

/**
 * The OCI runtime configuration of the container in which templates are rendered (OCI Runtime Specification 1.0,
 * config.md): the node image, nothing of it to write, no network, no capability, no process beside the first. What
 * templates include comes by standard input, so that no file of this computer is in it.
 */
export function renderContainer(
  root: string,
  program: string,
  { processorSeconds }: { processorSeconds: number },
): object {
  const limit = (type: string, value: number): object => ({ type, hard: value, soft: value });
  return {
    ociVersion: '1.0.2',
    hostname: 'render',
    root: { path: root, readonly: true },
    process: {
      terminal: false,
      cwd: '/',
      user: { uid: user, gid: user },
      args: ['/usr/bin/python3', '-I', '-c', program],
      // Ansible makes itself a folder as soon as it is loaded.
      env: [
        'PATH=/usr/bin',
        'LANG=C.UTF-8',
        'HOME=/tmp',
        'USER=render',
        'ANSIBLE_HOME=/tmp',
        'ANSIBLE_LOCAL_TEMP=/tmp',
      ],
      capabilities: {},
      rlimits: [
        limit('RLIMIT_AS', memoryBytes),
        limit('RLIMIT_CPU', processorSeconds),
        limit('RLIMIT_CORE', 0),
        limit('RLIMIT_NOFILE', 64),
      ],
      noNewPrivileges: true,
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=64k'] },
      {
        destination: '/tmp',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=1m'],
      },
    ],
    linux: {
      namespaces: ['user', 'pid', 'mount', 'network', 'uts', 'ipc'].map((type) => ({ type })),
      uidMappings: [{ containerID: 1, hostID: 1, size: 65_535 }],
      gidMappings: [{ containerID: 1, hostID: 1, size: 65_535 }],
      seccomp: seccompFilter({ also: ['clone', 'clone3', 'fork', 'mount', 'ptrace', 'setns', 'unshare', 'vfork'] }),
      maskedPaths: ['/proc/keys', '/proc/kcore', '/proc/sched_debug', '/proc/timer_list'],
      readonlyPaths: ['/proc/sys', '/proc/sysrq-trigger'],
    },
  };
}

/**
 * Runs the container, as root of a fresh user and mount namespace. The folders of the image serve as mount points
 * there: the merged root file system comes to lie upon the packages, and what crun needs upon the layer.
 */
export function renderScript({ layers }: Image): {
  readonly script: string;
  readonly root: string;
  readonly scratch: string;
} {
  const [scratch = '', root = ''] = [layers[0], layers.at(-1)];
  const script = `set -eu
export PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
lower=$1 root=$2 scratch=$3 config=$4
mount -t overlay overlay -o "ro,lowerdir=$lower,userxattr" "$root"
mount -t tmpfs -o mode=0755,size=16m render "$scratch"
mount -t tmpfs tmpfs /sys/fs/cgroup 2>/dev/null || true # crun refuses hybrid cgroup hosts
mkdir "$scratch/crun" "$scratch/bundle"
printf %s "$config" >"$scratch/bundle/config.json"
exec crun --root "$scratch/crun" --cgroup-manager=disabled run --no-new-keyring --bundle "$scratch/bundle" render`;
  return { script, root, scratch };
}
