import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A node of a running network seen from outside: the processes that share a network namespace. */
export interface NodeProcesses {
  readonly name: string;
  readonly pids: readonly number[];
  /** Proportional set size in KiB: what they have alone, and their share of what they share (proc(5), smaps_rollup). */
  weigh(): number;
  /** How many IPv4 host routes the kernel's main table has. */
  hostRoutes(): number;
}

/** The nodes below the holder of a sandbox. The holder's own namespace is no node. */
export function nodesBelow(holder: number): NodeProcesses[] {
  const groups = new Map<string, number[]>();
  for (const pid of descendantsOf(holder)) {
    const namespace = networkOf(pid);
    if (namespace !== undefined) groups.set(namespace, [...(groups.get(namespace) ?? []), pid]);
  }
  groups.delete(networkOf(holder) ?? '');
  return [...groups.values()].map((pids) => ({
    name: nameOf(pids[0] ?? 0),
    pids,
    weigh: () => pids.reduce((sum, pid) => sum + pssOf(pid), 0),
    hostRoutes: () => hostRoutesOf(pids[0] ?? 0),
  }));
}

function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(
      read(`/proc/${name}/stat`)
        ?.replace(/^.*\) /s, '')
        .split(' ')[1] ?? -1,
    );
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const below = children.get(pid) ?? [];
    found.push(...below);
    waiting.push(...below);
  }
  return found;
}

/** Each node's root is an overlay of its own, and the folder of its changes has its name. */
function nameOf(pid: number): string {
  return /upperdir=\S*\/([^/]+)\/upper/.exec(read(`/proc/${pid}/mountinfo`) ?? '')?.[1] ?? '';
}

function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined; // It ended between the listing and now.
  }
}

function pssOf(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0);
}

/** Lines of `/proc/PID/net/route` with the mask 255.255.255.255. */
function hostRoutesOf(pid: number): number {
  const lines = (read(`/proc/${pid}/net/route`) ?? '').split('\n').slice(1);
  return lines.filter((line) => line.split('\t')[7] === 'FFFFFFFF').length;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined; // It ended between the listing and now.
  }
}
