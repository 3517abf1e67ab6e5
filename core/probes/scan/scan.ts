import { z } from 'zod';

import { LabError } from '../../model/errors.ts';
import type { Place } from '../../model/places.ts';
import type { ProbeContext } from '../probe.ts';
import { arrivalKey, type Arrivals } from './arrivals.ts';

export type Transport = 'tcp' | 'udp';
export const transports: readonly Transport[] = ['tcp', 'udp'];

/** What came of one port: what the image's `scan-ports` says. */
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

export type Ports = Readonly<Record<Transport, readonly number[]>>;

/** Seconds to wait after each round. Who is owed a service may wait for it longer. */
const pauses = { abuse: [0.35, 0.7, 0.9], service: [0.35, 0.7, 1.5, 3] };

/**
 * All places side by side, each machine in one call. Where nobody listens, a port that was seen to come in is not asked
 * twice; one that was not seen there is.
 */
export async function scanAll(
  paths: readonly Path[],
  ports: Ports,
  listening: ReadonlyMap<string, Ports>,
  arrivals: () => ReadonlyMap<string, Arrivals>,
  context: ProbeContext,
): Promise<ReadonlyMap<Path, Scanned>> {
  if (context.kind === 'service')
    return scanFrom(
      paths.map((path) => ({ path, ports: path.allowed })),
      context,
    );
  const tried = paths.map((path) => ({ path, ports: portsFrom(ports, path.sourcePort) }));
  const first = await scanFrom(
    tried.map((it) => ({ ...it, again: common(it.ports, listening.get(it.path.to)) })),
    context,
  );
  const seen = arrivals();
  const lost = tried
    .map(({ path }) => ({ path, ports: unproven(path, first.get(path), seen.get(path.to)) }))
    .filter((it) => it.ports.tcp.length + it.ports.udp.length > 0);
  const second = await scanFrom(lost, context);
  return new Map(
    [...first].map(([path, { tcp, udp }]) => [
      path,
      { tcp: { ...tcp, ...second.get(path)?.tcp }, udp: { ...udp, ...second.get(path)?.udp } },
    ]),
  );
}

/** Machines scan each other: what goes from a port to the same port of another is no answer of the other. */
function portsFrom(ports: Ports, sourcePort: number | undefined): Ports {
  const others = (list: readonly number[]): number[] => list.filter((port) => port !== sourcePort);
  return { tcp: others(ports.tcp), udp: others(ports.udp) };
}

function common(ports: Ports, others: Ports = { tcp: [], udp: [] }): Ports {
  const both = (transport: Transport): number[] => ports[transport].filter((it) => others[transport].includes(it));
  return { tcp: both('tcp'), udp: both('udp') };
}

/** The ports of which nothing came back, and nothing was seen at the machine. */
export function unproven(path: Path, scanned: Scanned = { tcp: {}, udp: {} }, arrivals?: Arrivals): Ports {
  const of = (transport: Transport): number[] =>
    Object.entries(scanned[transport]).flatMap(([port, { state }]) => {
      const from = { address: path.place.address, port: path.sourcePort };
      const came = arrivals?.asked.has(arrivalKey(transport, from, path.address, Number(port))) === true;
      return (state === 'silent' || state === 'unsent') && !came ? [Number(port)] : [];
    });
  return { tcp: of('tcp'), udp: of('udp') };
}

interface Order {
  readonly path: Path;
  readonly ports: Ports;
  /** Those that are tried in each round; all when left out. */
  readonly again?: Ports;
}

async function scanFrom(
  orders: readonly Order[],
  { network, signal, kind }: ProbeContext,
): Promise<ReadonlyMap<Path, Scanned>> {
  const scans = new Map<Path, Scanned>();
  await Promise.all(
    [...new Set(orders.map((it) => it.path.place.node))].map(async (node) => {
      const own = orders.filter((it) => it.path.place.node === node);
      const order = own.map(({ path: { place, address, sourcePort }, ports, again }) => ({
        source: place.address,
        target: address,
        ...(sourcePort === undefined ? {} : { sourcePort }),
        ...ports,
        ...(again === undefined ? {} : { again }),
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
      own.forEach(({ path }, index) => scans.set(path, got[index] as Scanned));
    }),
  );
  return scans;
}
