import type { Proof } from '../../model/observation.ts';
import type { Frame } from '../pcap.ts';
import { protocols, readPacket } from '../packet.ts';
import type { SenderWatch } from '../senders.ts';

/** A question that nobody answered. */
export interface Unanswered {
  readonly from: string;
  readonly source: string;
  readonly server: string;
  readonly transport: 'udp' | 'tcp';
  /** What of its name nothing else has in it. */
  readonly mark?: string | undefined;
}

/** What the attacker's interface and the server's say of a question that nobody answered. */
export interface Silence {
  readonly sent: boolean;
  readonly proof?: Proof;
  readonly seen: string;
}

/**
 * Reads silence. Somebody on the way or the server itself refused it in so many words, or it came in at
 * the server and nothing left there for whoever asked; else it may be lost, and proves nothing.
 */
export function readSilence(
  { from, source, server, transport, mark }: Unanswered,
  senders: SenderWatch,
  atServer: readonly Frame[],
): Silence {
  const carrying = transport === 'udp' ? mark : undefined;
  const { left, refusals } = senders.traffic(from, {
    address: server,
    source,
    protocol: transport,
    port: 53,
    ...(carrying === undefined ? {} : { carrying }),
  });
  const [refusal] = refusals;
  if (left === 0) return { sent: false, seen: 'was not seen leaving' };
  if (refusal !== undefined) return { sent: true, proof: 'answered', seen: `${refusal.said}, said ${refusal.by}` };
  const passed = atServer.flatMap(({ bytes }) => readPacket(bytes.subarray(etherHead)) ?? []);
  const protocol = protocols[transport];
  const came = passed.some(
    (it) =>
      it.protocol === protocol &&
      it.port === 53 &&
      it.source === source &&
      it.destination === server &&
      (carrying === undefined || it.payload.includes(carrying)),
  );
  const answered = passed.some(
    (it) => it.protocol === protocol && it.sourcePort === 53 && it.source === server && it.destination === source,
  );
  if (came && !answered) return { sent: true, proof: 'counted', seen: 'it came in at the server, and nothing left' };
  return { sent: true, seen: came ? 'no answer to it came back' : 'it left, and was not seen at the server' };
}

const etherHead = 14;
