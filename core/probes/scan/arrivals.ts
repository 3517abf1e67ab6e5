import { protocols, readCooked, readPacket } from '../packet.ts';
import type { Frame } from '../pcap.ts';

/** What was asked of a machine, and what it answered, as its own interfaces saw it, each an {@link arrivalKey}. */
export interface Arrivals {
  readonly asked: ReadonlySet<string>;
  readonly answered: ReadonlySet<string>;
}

/** The port that a scan comes from is a part of it where filters may trust that port. */
export function arrivalKey(
  transport: 'tcp' | 'udp',
  from: { readonly address: string; readonly port?: number | undefined },
  to: string,
  port: number,
): string {
  return `${transport} ${from.address}${from.port === undefined ? '' : ` port ${from.port}`} ${to} ${port}`;
}

/** `trusted`: ports that scans come from on purpose; any other is nobody's. */
export function readArrivals(frames: readonly Frame[], trusted: readonly number[]): Arrivals {
  const end = (address: string, port = 0): { address: string; port?: number } =>
    trusted.includes(port) ? { address, port } : { address };
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
      asked.add(arrivalKey(name, end(source, sourcePort), destination, port));
      questions.add(`${name} ${source} ${sourcePort} ${destination} ${port}`);
    }
    // Of TCP only an acceptance (SYN, ACK) is an answer that opens something.
    if (
      cooked.direction === 'out' &&
      questions.has(`${name} ${destination} ${port} ${source} ${sourcePort}`) &&
      (name === 'udp' || ((payload[13] ?? 0) & 0x12) === 0x12)
    )
      answered.add(arrivalKey(name, end(destination, port), source, sourcePort ?? 0));
  }
  return { asked, answered };
}
