import { protocols, readCooked, readPacket } from '../packet.ts';
import type { Frame } from '../pcap.ts';

/** What was asked of a machine, and what it answered, as its own interfaces saw it: `tcp source destination port`. */
export interface Arrivals {
  readonly asked: ReadonlySet<string>;
  readonly answered: ReadonlySet<string>;
}

export function arrivalKey(transport: 'tcp' | 'udp', from: string, to: string, port: number): string {
  return `${transport} ${from} ${to} ${port}`;
}

export function readArrivals(frames: readonly Frame[]): Arrivals {
  const asked = new Set<string>();
  const answered = new Set<string>();
  // Machines scan each other: what goes out from a port is an answer only to what was asked from that very end.
  const questions = new Set<string>();
  for (const { bytes } of frames) {
    const cooked = readCooked(bytes);
    const packet = cooked && readPacket(cooked.bytes);
    if (cooked === undefined || packet?.port === undefined) continue;
    const { source, destination, sourcePort, port, protocol, payload } = packet;
    const name = protocol === protocols.tcp ? 'tcp' : 'udp';
    if (cooked.direction === 'in') {
      asked.add(arrivalKey(name, source, destination, port));
      questions.add(`${name} ${source} ${sourcePort} ${destination} ${port}`);
    }
    // Of TCP only an acceptance (SYN, ACK) is an answer that opens something.
    if (
      cooked.direction === 'out' &&
      questions.has(`${name} ${destination} ${port} ${source} ${sourcePort}`) &&
      (name === 'udp' || ((payload[13] ?? 0) & 0x12) === 0x12)
    )
      answered.add(arrivalKey(name, destination, source, sourcePort ?? 0));
  }
  return { asked, answered };
}
