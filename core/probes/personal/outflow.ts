import { canonicalAddress } from '../../model/ip.ts';
import type { Evidence } from '../../model/observation.ts';
import type { Plan } from '../../model/plan.ts';
import { type Capture, startCapture } from '../capture.ts';
import { type Packet, protocols, readCooked, readPacket } from '../packet.ts';
import type { ProbeContext } from '../probe.ts';

/** What a machine sent to somebody outside, of its own accord. */
export interface Outflow {
  readonly machine: string;
  readonly to: string;
  readonly port: number;
  readonly bytes: number;
  /** It named the person in the clear. */
  readonly named: boolean;
}

export interface OutflowWatch {
  /** Everything so far. @throws LabError when a capture has died: what came later was not seen */
  flows(): Outflow[];
  keep(): Promise<Evidence[]>;
  stop(): Promise<void>;
}

/** Captures, on each machine, what it sends. From then on nothing leaves unseen. */
export async function watchOutflow(
  machines: readonly string[],
  resolver: string,
  context: ProbeContext,
): Promise<OutflowWatch> {
  const { network, plan, nonce, signal } = context;
  const captures = new Map<string, Capture>();
  const stop = async (): Promise<void> => void (await Promise.all([...captures.values()].map((it) => it.stop())));
  try {
    await Promise.all(
      machines.map(async (machine) => {
        // A resolver asks others what it was asked: that is what it is for.
        const filter = machine === resolver ? '(tcp or udp) and not port 53' : 'tcp or udp';
        captures.set(machine, await startCapture(network, machine, 'any', filter, signal));
      }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    flows: () =>
      [...captures].flatMap(([machine, it]) =>
        outflowsIn(
          machine,
          it.frames().map(({ bytes }) => bytes),
          plan,
          nonce,
        ),
      ),
    keep: () =>
      Promise.all([...captures].map(([machine, it]) => it.keep(context, `left-${machine}`, `What left ${machine}`))),
    stop,
  };
}

/** Ports at which our machines answer: what comes from there was asked for. */
const answering: ReadonlySet<number> = new Set([22, 25, 43, 53, 80, 110, 119, 143, 443, 465, 587, 993, 995]);

/** What left for addresses that are none of the provider's own machines, by destination. Pure. */
export function outflowsIn(machine: string, frames: readonly Buffer[], plan: Plan, nonce: string): Outflow[] {
  const own = new Set(
    Object.values(plan.nodes)
      .filter((it) => it.side === 'isp')
      .flatMap((it) => [...it.loopback, ...Object.values(it.interfaces).flatMap(({ addresses }) => addresses)])
      .map(canonicalAddress),
  );
  const flows = new Map<string, Outflow>();
  for (const frame of frames) {
    const cooked = readCooked(frame);
    const packet = cooked?.direction === 'out' ? readPacket(cooked.bytes) : undefined;
    const data = packet && dataOf(packet);
    if (packet === undefined || data === undefined || data.length === 0) continue;
    const { destination, port = 0, sourcePort = 0 } = packet;
    if (own.has(destination) || isNear(destination) || answering.has(sourcePort)) continue;
    const key = `${destination} ${port}`;
    const before = flows.get(key);
    flows.set(key, {
      machine,
      to: destination,
      port,
      bytes: (before?.bytes ?? 0) + data.length,
      named: before?.named === true || data.includes(nonce),
    });
  }
  return [...flows.values()];
}

/** The machine itself, and the segment that it is on. */
function isNear(address: string): boolean {
  return /^(?:127\.|::1$|fe80:|ff|2(?:2[4-9]|3\d|55)\.)/.test(address);
}

function dataOf({ protocol, payload }: Packet): Buffer | undefined {
  if (protocol === protocols.udp) return payload.subarray(8);
  return protocol === protocols.tcp ? payload.subarray(((payload[12] ?? 0) >> 4) * 4) : undefined;
}
