import type { Sighting } from '../model/journey.ts';
import type { Network, NodeProcess } from '../runtime/runtime.ts';
import { readCooked, readPacket } from './packet.ts';
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

/** What a cooked frame says of its packet. What was meant for another host is not seen. */
export function readSighting(node: string, { at, bytes }: Frame): Sighting | undefined {
  const cooked = readCooked(bytes);
  const packet = cooked && readPacket(cooked.bytes);
  if (cooked === undefined || packet === undefined || cooked.direction === 'elsewhere') return undefined;
  const { family, source, destination, port } = packet;
  return {
    node,
    at,
    source,
    destination,
    // Identification and fragment offset tell packets of IPv4 apart, and do not change on the way.
    mark:
      family === 'v4'
        ? cooked.bytes.toString('latin1', 4, 8) + packet.payload.toString('latin1')
        : cooked.bytes.toString('latin1', 40),
    ...(port === undefined ? {} : { port }),
  };
}
