import { LabError } from '../model/errors.ts';
import type { Evidence } from '../model/observation.ts';
import type { Network, NodeProcess } from '../runtime/runtime.ts';
import { firstFrames, type Frame, pcapReader, readPcap } from './pcap.ts';
import type { ProbeContext } from './probe.ts';

/** A capture in progress. Frames are on it from the moment `startCapture` returned. */
export interface Capture {
  readonly node: string;
  readonly interface: string;
  readonly filter: string;
  /** Everything captured so far. Throws when the capture has died, because silence would prove nothing then. */
  frames(): Frame[];
  /** Tells at each call what was captured since the last. Throws as `frames` does. */
  follow(): () => readonly Frame[];
  /** Waits until a condition holds on what was captured, or the deadline passes; says which. */
  until(condition: (frames: readonly Frame[]) => boolean, timeoutMs: number): Promise<boolean>;
  /** Ends it and keeps the pcap with a readable excerpt as evidence. */
  keep(context: ProbeContext, name: string, title: string): Promise<Evidence>;
  stop(): Promise<void>;
}

export interface CaptureOptions {
  /** How much of each frame is taken; what needs heads only can take more of them. */
  readonly snapLength?: number;
  /** Only what came to the interface, or left by it. */
  readonly direction?: 'in' | 'out';
}

/**
 * Starts tcpdump on a node's interface and waits until it listens. `any` captures on all.
 * `--immediate-mode` and `-U` because a verdict must not wait for a buffer to fill (tcpdump(1)). In that
 * mode the kernel's ring has slots of the snapshot length: with the usual 256 KiB a burst of nine
 * packets would overflow its 2 MiB, so the length is that of the largest frame, or less, and the ring has 8 MiB.
 */
export async function startCapture(
  network: Network,
  node: string,
  iface: string,
  filter: string,
  signal?: AbortSignal,
  { snapLength = 9600, direction }: CaptureOptions = {},
): Promise<Capture> {
  const process = network
    .node(node)
    .spawn(
      [
        ...tcpdump,
        '-s',
        String(snapLength),
        ...(direction === undefined ? [] : ['-Q', direction]),
        ...(iface === 'any' ? cooked : []),
        '-i',
        iface,
        '-w',
        '-',
        filter,
      ],
      { signal },
    );
  let stopped = false;
  let died = false;
  void process.ended.then(() => (died = !stopped));
  await process.waitFor(/listening on/, 5000);
  const read = pcapReader();
  const all = (): readonly Frame[] => {
    if (died && signal?.aborted !== true)
      throw new LabError('command-failed', `the capture of ${iface} on ${node} died: what came later was not seen`);
    return read(process.stdout());
  };
  const frames = (): Frame[] => [...all()];
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
    follow: () => {
      let known = 0;
      return () => {
        const fresh = all().slice(known);
        known += fresh.length;
        return fresh;
      };
    },
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

const tcpdump = ['tcpdump', '--immediate-mode', '-U', '-B', '8192', '-n'];

/** What a person looks at; the file has the rest. */
const excerptFrames = 40;

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
  const { length } = readPcap(pcap);
  const shown = firstFrames(pcap, excerptFrames);
  const text =
    length === 0
      ? ''
      : (
          await network.node(node).exec(['sh', '-c', 'base64 -d | tcpdump -n -v -r - 2>/dev/null'], {
            input: shown.toString('base64'),
            timeoutMs: 10_000,
          })
        ).stdout;
  const lines = text.split('\n').filter((line) => line !== '');
  const rest = length - Math.min(length, excerptFrames);
  const excerpt = length === 0 ? '(no packets)' : lines.join('\n') + (rest > 0 ? `\n… ${rest} more packets` : '');
  return { kind: 'pcap', title, file, command: `breakwater capture ${node}:${iface} '${filter}'`, excerpt };
}

/** How many packets passed that tcpdump did not take, by what it says at its end. */
export function lostPackets(stderr: string): number {
  return [...stderr.matchAll(/^(\d+) packets? dropped by/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/**
 * Looks every 20 ms until the condition holds or the deadline passes. A look that takes longer than that, such as a
 * command on each of ten nodes, is followed by a pause as long as itself: what is waited for has to have its turn.
 */
export async function pollUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 20,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const began = Date.now();
    if (await condition()) return true;
    const now = Date.now();
    if (now >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, Math.max(everyMs, now - began)));
  }
}
