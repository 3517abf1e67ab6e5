import { Address6 } from 'ip-address';

import type { Sighting } from '../model/journey.ts';
import type { Network, NodeProcess } from '../runtime/runtime.ts';
import { type Frame, readPcap } from './pcap.ts';

/** All nodes of a network at once, watched for packets that come, pass and go. */
export interface Watch {
  sightings(): Sighting[];
  stop(): Promise<void>;
}

/**
 * Starts tcpdump on all interfaces of every node. The heads of the packets are enough, so that many
 * nodes can be watched while they are attacked. A node that restarts meanwhile is watched until then.
 */
export async function watchNetwork(network: Network, nodes: readonly string[]): Promise<Watch> {
  const watched: [string, NodeProcess][] = nodes.map((name) => [
    name,
    network
      .node(name)
      .spawn([
        'tcpdump',
        '--immediate-mode',
        '-U',
        '-s',
        '128',
        '-n',
        '-i',
        'any',
        '-y',
        'LINUX_SLL2',
        '-w',
        '-',
        filter,
      ]),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(watched.map(([, process]) => process.stop()));
  };
  try {
    await Promise.all(watched.map(([, process]) => process.waitFor(/listening on/, 5000)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    sightings: () =>
      watched.flatMap(([node, it]) => readPcap(it.stdout()).flatMap((frame) => readSighting(node, frame) ?? [])),
    stop,
  };
}

const filter = '(ip or ip6) and not proto ospf';

/** What a cooked frame says of its packet (LINUX_SLL2, RFC 791, RFC 8200). What was meant for another host is not seen. */
export function readSighting(node: string, { at, bytes }: Frame): Sighting | undefined {
  if (bytes.length < head + 20 || bytes[10] === otherHost) return undefined;
  const packet = bytes.subarray(head);
  if (bytes.readUInt16BE(0) === 0x0800) {
    const transport = packet.subarray(((packet[0] ?? 0) & 0x0f) * 4);
    const isFirst = (packet.readUInt16BE(6) & 0x1fff) === 0;
    return {
      node,
      at,
      source: packet.subarray(12, 16).join('.'),
      destination: packet.subarray(16, 20).join('.'),
      mark: packet.toString('latin1', 4, 8) + transport.toString('latin1'),
      ...(isFirst ? portOf(packet[9], transport) : {}),
    };
  }
  if (packet.length < 40) return undefined;
  return {
    node,
    at,
    source: address6(packet.subarray(8, 24)),
    destination: address6(packet.subarray(24, 40)),
    mark: packet.toString('latin1', 40),
    ...portOf(packet[6], packet.subarray(40)),
  };
}

const head = 20;
const otherHost = 3;

function address6(bytes: Buffer): string {
  return Address6.fromByteArray([...bytes]).correctForm();
}

function portOf(protocol: number | undefined, transport: Buffer): { port?: number } {
  return (protocol === 6 || protocol === 17) && transport.length >= 4 ? { port: transport.readUInt16BE(2) } : {};
}
