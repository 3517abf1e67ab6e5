import type { TopologyNode } from '../../model/topology.ts';
import { seccompFilter } from './seccomp.ts';

/** Docker's default capabilities: what a node has before `cap-add`, so that both runtimes agree (moby, oci/caps/defaults.go). */
const defaultCapabilities = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** Docker's masked and read-only paths, lifted by `security-opts: [systempaths=unconfined]`. */
const maskedPaths = [
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/**
 * A node has the sandbox's users under the same numbers, in a namespace of its own: what it may do as root ends at
 * its own mounts, links and processes. In two extents, since a range has to lie in one extent of the parent's map,
 * and that of an ordinary user has two (user_namespaces(7)).
 */
const idMappings = [
  { containerID: 0, hostID: 0, size: 1 },
  { containerID: 1, hostID: 1, size: 65_535 },
] as const;

export interface NodeBundle {
  /** Absolute path of the merged root file system. */
  readonly root: string;
  /** Absolute bind sources in place of the topology's. */
  readonly binds: readonly { source: string; target: string; readOnly: boolean }[];
  /** Links that the node waits for at start. */
  readonly interfaces: number;
}

/** The OCI runtime configuration of a node (OCI Runtime Specification 1.0, config.md). */
export function ociConfiguration(node: TopologyNode, bundle: NodeBundle): object {
  const capabilities = [...new Set([...defaultCapabilities, ...node.capAdd])].map((name) => `CAP_${name}`);
  const unconfined = node.securityOpts.includes('systempaths=unconfined');
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    CLAB_INTFS: String(bundle.interfaces),
    ...node.env,
  };
  return {
    ociVersion: '1.0.2',
    hostname: node.name,
    root: { path: bundle.root },
    process: {
      terminal: false,
      cwd: '/',
      user: { uid: 0, gid: 0 },
      args: ['/usr/bin/tini', '--', '/usr/lib/breakwater/init'],
      env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      rlimits: [{ type: 'RLIMIT_CORE', hard: 0, soft: 0 }],
      // Postfix and sudo rely on set-user-id programs.
      noNewPrivileges: false,
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=1m'] },
      {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620'],
      },
      {
        destination: '/dev/shm',
        type: 'tmpfs',
        source: 'shm',
        options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=16m'],
      },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
      { destination: '/run', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=64m'] },
      ...bundle.binds.map((bind) => ({
        destination: bind.target,
        type: 'bind',
        source: bind.source,
        options: ['rbind', bind.readOnly ? 'ro' : 'rw', 'nosuid', 'nodev'],
      })),
    ],
    linux: {
      namespaces: ['user', 'pid', 'mount', 'network', 'uts', 'ipc'].map((type) => ({ type })),
      uidMappings: idMappings,
      gidMappings: idMappings,
      seccomp: seccompFilter(),
      sysctl: node.sysctls,
      ...(unconfined ? {} : { maskedPaths, readonlyPaths }),
    },
  };
}
