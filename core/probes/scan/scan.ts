import { z } from 'zod';

import { LabError } from '../../model/errors.ts';
import type { Place } from '../../model/places.ts';
import type { ProbeContext } from '../probe.ts';

export type Transport = 'tcp' | 'udp';
export const transports: readonly Transport[] = ['tcp', 'udp'];

/** What came of one port: what the image's `scan-ports` says, or `left` for an answer that was only seen leaving. */
const State = z.enum(['unsent', 'silent', 'open', 'reset', 'refused']);
const States = z.record(z.string(), z.strictObject({ state: z.string().pipe(State), by: z.string().optional() }));
const Scanned = z.strictObject({ tcp: States, udp: States });
export type Scanned = z.infer<typeof Scanned>;

/** One address of one machine, as one place scans it. */
export interface Path {
  readonly place: Place;
  readonly to: string;
  readonly address: string;
  readonly allowed: Readonly<Record<Transport, readonly number[]>>;
  readonly sourcePort?: number;
}

/** Seconds to wait after each round. Who is owed a service may wait for it longer. */
const pauses = { abuse: [0.35, 0.7, 0.9], service: [0.35, 0.7, 1.5, 3] };

/** Machines scan each other: what goes from a port to the same port of another is no answer of the other. */
function portsFrom(
  ports: Record<Transport, readonly number[]>,
  sourcePort: number | undefined,
): Record<Transport, readonly number[]> {
  const others = (list: readonly number[]): number[] => list.filter((port) => port !== sourcePort);
  return { tcp: others(ports.tcp), udp: others(ports.udp) };
}

/** All places side by side, each machine in one call. */
export async function scanAll(
  paths: readonly Path[],
  ports: Record<Transport, readonly number[]>,
  { network, signal, kind }: ProbeContext,
): Promise<ReadonlyMap<Path, Scanned>> {
  const scans = new Map<Path, Scanned>();
  await Promise.all(
    [...new Set(paths.map((it) => it.place.node))].map(async (node) => {
      const own = paths.filter((it) => it.place.node === node);
      const order = own.map(({ place, address, sourcePort, allowed }) => ({
        source: place.address,
        target: address,
        ...(sourcePort === undefined ? {} : { sourcePort }),
        ...portsFrom(kind === 'service' ? allowed : ports, sourcePort),
      }));
      const { exitCode, stdout, stderr } = await network.node(node).exec(['/usr/lib/breakwater/attacks/scan-ports'], {
        input: JSON.stringify({ pauses: kind === 'service' ? pauses.service : pauses.abuse, scans: order }),
        signal,
      });
      if (exitCode !== 0)
        throw new LabError(
          'command-failed',
          `scan-ports on ${node}: ${stderr.trim().split('\n').at(-1) || `exit code ${exitCode}`}`,
        );
      const got = z.array(Scanned).length(own.length).parse(JSON.parse(stdout));
      own.forEach((path, index) => scans.set(path, got[index] as Scanned));
    }),
  );
  return scans;
}
