import { canonicalAddress } from '../model/ip.ts';
import type { Evidence } from '../model/observation.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import { type Packet, protocols, readCooked, readPacket } from './packet.ts';
import type { ProbeContext } from './probe.ts';

/** Where tries of a node go. What is left out is any. */
export interface Target {
  readonly address: string;
  /** Only what comes from this address of the node, which may have several. */
  readonly source?: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp';
  /** Destination port. */
  readonly port?: number;
  /** Only packets whose payload has this text in it, such as the nonce of the try. */
  readonly carrying?: string;
}

/** What went from a node to a target, and what it was told. */
export interface Traffic {
  /** Packets that left the node for the target; 0 means that nothing was seen to be sent. */
  readonly left: number;
  /** From how many source ports they came: tries that are made side by side have one each. Without ports, 1. */
  readonly conversations: number;
  /** TCP conversations that the target accepted (SYN, ACK). */
  readonly connected: number;
  /** Conversations that were refused before they began, and in whose words. */
  readonly refusals: readonly Refusal[];
}

export interface Refusal {
  /** The target itself, or a filter on the way. */
  readonly by: string;
  /** `reset`, `port unreachable`, `administratively prohibited` … */
  readonly said: string;
}

/** Nodes that attack, captured at their own interfaces. */
export interface SenderWatch {
  /** What went from a node to a target so far. @throws LabError when the node's capture has died */
  traffic(node: string, target: Target): Traffic;
  /** Waits until something shows: a capture is a moment late. Says whether it did before the deadline. */
  until(condition: () => boolean, timeoutMs?: number): Promise<boolean>;
  /** Ends the captures and keeps them. @throws LabError when one has died or lost packets */
  keep(): Promise<Evidence[]>;
  stop(): Promise<void>;
}

/**
 * Captures what nodes send and what they are answered, at their own interfaces: what a probe reports as
 * `sent`, also when every answer is lost on the way, and a proof `answered` where a refusal came back.
 *
 *     const senders = await watchSenders(context, ['evil', 'a2'], 'tcp port 25');
 *     try {
 *       … the attack …
 *       await senders.until(() => senders.traffic('evil', target).left > 0);
 *       const { left, refusals } = senders.traffic('evil', { address, protocol: 'tcp', port: 25 });
 *       … sent: left > 0, proof: refusals.length > 0 ? 'answered' : 'canary' …
 *     } finally {
 *       await senders.stop();
 *     }
 *
 * `filter` is pcap-filter(7)'s; errors that routers and hosts send (ICMP) are captured beside it.
 */
export async function watchSenders(
  context: ProbeContext,
  nodes: readonly string[],
  filter: string,
): Promise<SenderWatch> {
  const { network, signal } = context;
  const captures = new Map<string, Capture>();
  const stop = async (): Promise<void> => {
    await Promise.all([...captures.values()].map((it) => it.stop()));
  };
  try {
    await Promise.all(
      [...new Set(nodes)].map(async (node) =>
        captures.set(node, await startCapture(network, node, 'any', `(${filter}) or ${errors}`, signal)),
      ),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    traffic: (node, target) =>
      trafficTo(
        target,
        (captures.get(node)?.frames() ?? []).map((it) => it.bytes),
      ),
    until: (condition, timeoutMs = 2000) => pollUntil(condition, timeoutMs, 10),
    keep: () =>
      Promise.all(
        [...captures].map(([node, it]) =>
          it.keep(context, `sent-${node}`, `What left ${node}, and what it was answered`),
        ),
      ),
    stop,
  };
}

/** ICMP "destination unreachable" of both families. */
const errors = 'icmp[0] == 3 or (icmp6 and ip6[40] == 1)';

/** Reads frames of a capture of `any` on the sending node. */
export function trafficTo({ address, source, protocol, port, carrying }: Target, frames: readonly Buffer[]): Traffic {
  const target = canonicalAddress(address);
  const numbers = protocol === 'icmp' ? [protocols.icmp, protocols.icmp6] : protocol && [protocols[protocol]];
  const isTo = (it: Packet): boolean =>
    it.destination === target &&
    (source === undefined || it.source === canonicalAddress(source)) &&
    (numbers === undefined || numbers.some((number) => number === it.protocol)) &&
    (port === undefined || it.port === port);

  const seen = frames.flatMap((frame) => {
    const cooked = readCooked(frame);
    const packet = cooked && readPacket(cooked.bytes);
    return cooked === undefined || packet === undefined ? [] : [{ ...packet, direction: cooked.direction }];
  });
  const left = seen.filter(
    (it) => it.direction === 'out' && isTo(it) && (carrying === undefined || it.payload.includes(carrying)),
  );
  const ports = new Set(left.map((it) => it.sourcePort));
  const came = seen.filter((it) => it.direction === 'in');

  const connected = new Set<number | undefined>();
  const refused = new Map<number | undefined, Refusal>();
  for (const packet of came) {
    if (packet.source === target && packet.protocol === protocols.tcp && ports.has(packet.port)) {
      const flags = packet.payload[13] ?? 0;
      if ((flags & synAck) === synAck) connected.add(packet.port);
      else if ((flags & reset) !== 0 && !connected.has(packet.port))
        refused.set(packet.port, { by: packet.source, said: 'reset' });
    }
    const said = refusalOf(packet);
    const about = said === undefined ? undefined : readPacket(packet.payload.subarray(8));
    if (said !== undefined && about !== undefined && isTo(about) && ports.has(about.sourcePort))
      refused.set(about.sourcePort, { by: packet.source, said });
  }
  return {
    left: left.length,
    conversations: ports.size,
    connected: connected.size,
    refusals: [...refused.values()],
  };
}

const reset = 0x04;
const synAck = 0x12;

/** Somebody's decision, in words. That a network or a host cannot be reached is none: it may just be down. */
function refusalOf({ protocol, payload }: Packet): string | undefined {
  if (protocol === protocols.icmp && payload[0] === 3) return decisions4.get(payload[1] ?? 0);
  return protocol === protocols.icmp6 && payload[0] === 1 ? decisions6.get(payload[1] ?? 0) : undefined;
}

/** Codes of "destination unreachable" (RFC 792, RFC 1812 §5.2.7.1). */
const decisions4: ReadonlyMap<number, string> = new Map([
  [2, 'protocol unreachable'],
  [3, 'port unreachable'],
  [9, 'network administratively prohibited'],
  [10, 'host administratively prohibited'],
  [13, 'administratively prohibited'],
]);

/** RFC 4443 §3.1. */
const decisions6: ReadonlyMap<number, string> = new Map([
  [1, 'administratively prohibited'],
  [4, 'port unreachable'],
  [5, 'source address failed ingress/egress policy'],
  [6, 'reject route to destination'],
]);
