import { LabError } from '../model/errors.ts';
import type { Evidence } from '../model/observation.ts';
import type { Network, NodeProcess } from '../runtime/runtime.ts';
import { type Frame, readPcap } from './pcap.ts';
import type { ProbeContext } from './probe.ts';

/** A capture in progress. Frames are on it from the moment `startCapture` returned. */
export interface Capture {
  readonly node: string;
  readonly interface: string;
  readonly filter: string;
  /** Everything captured so far. Throws when the capture has died, because silence would prove nothing then. */
  frames(): Frame[];
  /** Waits until a condition holds on what was captured, or the deadline passes; says which. */
  until(condition: (frames: readonly Frame[]) => boolean, timeoutMs: number): Promise<boolean>;
  /** Ends it and keeps the pcap with a readable excerpt as evidence. */
  keep(context: ProbeContext, name: string, title: string): Promise<Evidence>;
  stop(): Promise<void>;
}

/**
 * Starts tcpdump on a node's interface and waits until it listens. `any` captures on all.
 * `--immediate-mode` and `-U` because a verdict must not wait for a buffer to fill (tcpdump(1)). In that
 * mode the kernel's ring has slots of the snapshot length: with the usual 256 KiB a burst of nine
 * packets would overflow its 2 MiB, so the length is that of the largest frame and the ring has 8 MiB.
 */
export async function startCapture(
  network: Network,
  node: string,
  iface: string,
  filter: string,
  signal?: AbortSignal,
): Promise<Capture> {
  const process = network
    .node(node)
    .spawn([...tcpdump, ...(iface === 'any' ? cooked : []), '-i', iface, '-w', '-', filter], { signal });
  let stopped = false;
  let died = false;
  void process.ended.then(() => (died = !stopped));
  await process.waitFor(/listening on/, 5000);
  const frames = (): Frame[] => {
    if (died && signal?.aborted !== true)
      throw new LabError('command-failed', `the capture of ${iface} on ${node} died: what came later was not seen`);
    return readPcap(process.stdout());
  };
  const stop = async (): Promise<void> => {
    stopped = true;
    await process.stop();
  };
  const insistOnAll = (): void => {
    const lost = lostPackets(process.stderr());
    if (lost > 0 && signal?.aborted !== true)
      throw new LabError(
        'command-failed',
        `the capture of ${iface} on ${node} lost ${lost} packets: silence proves nothing`,
        {
          hint: 'check again while the computer is less busy',
        },
      );
  };
  return {
    node,
    interface: iface,
    filter,
    frames,
    until: (condition, timeoutMs) => pollUntil(() => condition(frames()), timeoutMs),
    keep: async (context, name, title) => {
      frames();
      await stop();
      insistOnAll();
      return keepPcap(network, process, { node, iface, filter }, context, name, title);
    },
    stop,
  };
}

const tcpdump = ['tcpdump', '--immediate-mode', '-U', '-s', '9600', '-B', '8192', '-n'];

/** The head that says for each packet whether it came or went. */
const cooked = ['-y', 'LINUX_SLL2'];

async function keepPcap(
  network: Network,
  process: NodeProcess,
  { node, iface, filter }: { node: string; iface: string; filter: string },
  context: ProbeContext,
  name: string,
  title: string,
): Promise<Evidence> {
  const pcap = process.stdout();
  const file = await context.keep(`${name}.pcap`, pcap);
  const text =
    pcap.length === 0
      ? ''
      : (
          await network.node(node).exec(['sh', '-c', 'base64 -d | tcpdump -n -v -r - 2>/dev/null'], {
            input: pcap.toString('base64'),
            timeoutMs: 10_000,
          })
        ).stdout;
  const lines = text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  const excerpt =
    lines.length === 0
      ? '(no packets)'
      : lines.slice(0, 60).join('\n') + (lines.length > 60 ? `\n… ${lines.length - 60} more lines` : '');
  return { kind: 'pcap', title, file, command: `breakwater capture ${node}:${iface} '${filter}'`, excerpt };
}

/** How many packets passed that tcpdump did not take, by what it says at its end. */
export function lostPackets(stderr: string): number {
  return [...stderr.matchAll(/^(\d+) packets? dropped by/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Looks every 20 ms until the condition holds or the deadline passes. */
export async function pollUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 20,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
