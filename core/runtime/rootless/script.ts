import { parseArgsStringToArgv } from 'string-argv';

import { quote } from '../../exec/quote.ts';
import type { Image } from '../../image/store.ts';
import type { Link, Topology } from '../../model/topology.ts';

/** Where a sandbox keeps its things. */
export interface SandboxFolders {
  /** `<runtime>/<name>`: bundles and state, visible outside. */
  readonly home: string;
  /** A tmpfs that only the sandbox sees: overlays, crun's state. Gone with the sandbox. */
  readonly inside: string;
}

/**
 * The whole bring-up as one shell script, run as PID 1 of the sandbox. It speaks lines that begin
 * with `@`, and then waits for `keep` on its standard input: whoever started it can die at any moment
 * before that, the input closes, PID 1 exits, and the kernel takes everything down.
 */
export function bringUpScript(topology: Topology, image: Image, folders: SandboxFolders): string {
  const nodes = [...topology.nodes.keys()];
  return [
    prelude(image, folders),
    `mount -t tmpfs tmpfs /sys/fs/cgroup 2>/dev/null || true # crun refuses hybrid cgroup hosts`,
    `mount -t tmpfs -o mode=0755,size=64m breakwater ${quote(folders.inside)}`,
    `mkdir ${quote(`${folders.inside}/crun`)}`,
    `ip link set lo up`,
    `say "creating ${nodes.length} nodes"`,
    ...each(nodes, (node) => `create ${node}`),
    `say "wiring ${topology.links.length} links"`,
    `{`,
    ...topology.links.map(addLink),
    `} | ip -batch -`,
    `say "starting ${nodes.length} nodes"`,
    ...each(nodes, (node) => [`start ${node}`, ...commandsOf(topology, node)].join('\n')),
    `echo @up`,
    `read -r word || exit 1`,
    `[ "$word" = keep ] || exit 1`,
    `exec </dev/null >/dev/null 2>&1`,
    `while :; do sleep 86400 & wait $!; done # as PID 1 it inherits every orphan, and wait(2) buries them`,
    '',
  ].join('\n');
}

/**
 * Restarts nodes from their files, run inside the sandbox. A node's end of a link is parked in the
 * sandbox's own network namespace while the node's namespace goes and comes, so that the other ends
 * never notice more than a loss of carrier. Links of nodes in `dead` are made again: the node at the other
 * end has to be among `nodes`, since what it knew of that link went too. What is left of such a link is taken away
 * first, for the kernel may take half a minute to clear the namespace of a node that died. What a node wrote on
 * its disk stays, as on a machine; those in `blank` begin with an empty disk, as when the network was deployed.
 */
export function restartScript(
  topology: Topology,
  image: Image,
  folders: SandboxFolders,
  nodes: readonly string[],
  { blank = [], dead = [] }: { blank?: readonly string[]; dead?: readonly string[] } = {},
): string {
  const links = topology.links
    .map((link, index) => ({
      link,
      lost: dead.includes(link.a.node) || dead.includes(link.b.node),
      ends: [
        { ...link.a, parked: `w${index}a` },
        { ...link.b, parked: `w${index}b` },
      ].filter((end) => nodes.includes(end.node)),
    }))
    .filter(({ ends }) => ends.length > 0);
  const takeOff = (node: string): string[] =>
    links.flatMap(({ ends, lost }) =>
      ends
        .filter((end) => end.node === node)
        .map(({ interface: name, parked }) =>
          lost
            ? `echo "link del ${name}"`
            : `echo "link set ${name} down"; echo "link set ${name} netns 1 name ${parked}"`,
        ),
    );
  return [
    prelude(image, folders),
    ...each(
      nodes.filter((node) => !dead.includes(node) && takeOff(node).length > 0),
      (node) =>
        [`pid ${node}`, `{`, ...takeOff(node), `} | nsenter -t "$pid" -n ip -force -batch - || true`].join('\n'),
    ),
    ...each(
      nodes,
      (node) => `crun --root "$crun" delete -f ${node} && ${blank.includes(node) ? 'blank' : 'bundle'} ${node}`,
    ),
    `{`,
    ...links.map(({ link, lost, ends }) =>
      lost
        ? addLink(link)
        : ends
            .map((end) => `pid ${end.node}; echo "link set ${end.parked} netns $pid name ${end.interface}"`)
            .join('; '),
    ),
    `} | ip -batch -`,
    ...each(nodes, (node) => [`start ${node}`, ...commandsOf(topology, node)].join('\n')),
    '',
  ].join('\n');
}

/** What a node may keep on its disk and say on its console: one that floods either fills its own, and nobody else's. */
const bounds = { disk: '256m', files: 65_536, says: '1m' } as const;

/** Functions that both scripts use. `pid NODE` sets $pid: a builtin read, because a fork for each would be felt. */
function prelude(image: Image, folders: SandboxFolders): string {
  return `set -eu
export PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
home=${quote(folders.home)}
inside=${quote(folders.inside)}
crun=$inside/crun
say() { printf '@say %s\\n' "$*"; }
fail() { printf '@fail %s\\n' "$*"; exit 1; }
pid() { read -r pid <"$inside/$1/pid" || [ -n "$pid" ]; } # crun writes no line end
bundle() {
  crun --root "$crun" --cgroup-manager=disabled create --no-new-keyring --bundle "$home/bundles/$1" --pid-file "$inside/$1/pid" "$1" </dev/null >"$inside/$1/says/console" 2>&1 ||
    fail "node $1: $(tail -n 3 "$inside/$1/says/console")"
}
create() {
  mkdir -p "$inside/$1/root" "$inside/$1/disk" "$inside/$1/says"
  mount -t tmpfs -o mode=0755,size=${bounds.says} says "$inside/$1/says"
  mount -t tmpfs -o mode=0755,size=${bounds.disk},nr_inodes=${bounds.files} disk "$inside/$1/disk"
  disk "$1" && bundle "$1"
}
blank() {
  umount "$inside/$1/root"
  rm -rf "$inside/$1/disk/upper" "$inside/$1/disk/work"
  disk "$1" && bundle "$1"
}
disk() { # userxattr: without it a folder of the image can be neither removed nor moved (overlayfs.rst)
  mkdir "$inside/$1/disk/upper" "$inside/$1/disk/work"
  mount -t overlay overlay -o "lowerdir=${image.layers.join(':')},upperdir=$inside/$1/disk/upper,workdir=$inside/$1/disk/work,userxattr" "$inside/$1/root"
}
start() { crun --root "$crun" start "$1" || fail "node $1 did not start"; }`;
}

/** Runs a step for all nodes at once and stops at the first that failed. */
function each(nodes: readonly string[], step: (node: string) => string): string[] {
  return [
    `jobs=`,
    ...nodes.map((node) => `( ${step(node)}\n) & jobs="$jobs $!"`),
    `for job in $jobs; do wait "$job" || exit 1; done`,
  ];
}

/** The topology's `exec` of a node: words without a shell. One that fails is told, and does not stop the network (containerlab's rule). */
function commandsOf(topology: Topology, node: string): string[] {
  return (topology.nodes.get(node)?.exec ?? []).map((command) => {
    const words = parseArgsStringToArgv(command).map(quote).join(' ');
    const told = quote(`${node}: ${command}: failed`);
    return `crun --root "$crun" exec ${node} ${words} </dev/null >>"$inside/${node}/says/console" 2>&1 || say ${told}`;
  });
}

function addLink(link: Link): string {
  const end = (side: 'a' | 'b'): string => {
    const { interface: name, mac } = link[side];
    return `${name}${mac === undefined ? '' : ` address ${mac}`} mtu ${link.mtu}`;
  };
  return `pid ${link.a.node}; a=$pid; pid ${link.b.node}; echo "link add name ${end('a')} netns $a type veth peer name ${end('b')} netns $pid"`;
}
