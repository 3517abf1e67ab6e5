import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { classesAmong, describePlace, nodesOfPlaces, type Place, PlaceName, placesInReach } from '../model/places.ts';
import type { Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { type Capture, startCapture } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';
import { arrivalKey, type Arrivals, readArrivals } from './scan/arrivals.ts';
import { type Path, type Ports, scanAll, type Scanned, type Transport, transports } from './scan/scan.ts';

const Port = z.number().int().min(1).max(65_535);

const Target = z.strictObject({
  node: PlaceName.describe(
    'The machine that is scanned, or a class of them, over every address family that both ends have',
  ),
  tcp: z.array(Port).default([]).describe('TCP ports of the services that it offers to these places'),
  udp: z.array(Port).default([]).describe('UDP ports of the services that it offers to these places'),
});

const Params = z.strictObject({
  from: z
    .array(PlaceName)
    .min(1)
    .describe('Where the scans come from: classes of places, and nodes. A machine does not scan itself'),
  targets: z
    .array(Target)
    .min(1)
    .describe('Who is scanned, and what may answer there. A node that stands by itself is left out of the classes'),
  alsoTcp: z
    .array(Port)
    .default([])
    .describe('TCP ports to try beside the well-known ones and those where something listens'),
  alsoUdp: z.array(Port).default([]).describe('The same for UDP'),
  sourcePorts: z
    .array(Port)
    .default([])
    .describe('Ports that the scans come from as well, because filters trust them, such as 53'),
});
type Params = z.infer<typeof Params>;

/** What management, files, databases and small services listen on; tried even where nothing is known to listen. */
const wellKnown: Record<Transport, readonly number[]> = {
  tcp: [
    7, 9, 13, 19, 21, 22, 23, 25, 37, 53, 69, 79, 80, 110, 111, 119, 139, 143, 161, 179, 443, 445, 465, 512, 513, 514,
    587, 623, 873, 953, 993, 995, 1080, 2049, 2222, 2323, 2601, 2604, 2605, 2606, 3128, 3306, 3389, 4444, 5432, 5900,
    6379, 8000, 8080, 8443, 9100, 9200, 11_211,
  ],
  udp: [7, 13, 17, 19, 37, 53, 69, 111, 123, 137, 161, 389, 500, 514, 520, 623, 1900, 5353, 11_211],
};

/** Scans machines, and looks which ports answer. */
export const portScan = defineProbe({
  name: 'port-scan',
  summary:
    'Scans machines by TCP and UDP, over both address families, from several places, and compares what answers with what is to answer.',
  params: Params,
  nodes: ({ from, targets }, plan) => [
    ...nodesOfPlaces(plan, from),
    ...nodesOfPlaces(
      plan,
      targets.map((it) => it.node),
    ),
  ],
  classes: ({ from, targets }) => classesAmong([...from, ...targets.map((it) => it.node)]),
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, kind, signal } = context;
  const paths = pathsOf(params, plan);
  const listening = await listenersOf(paths, context);
  const ports = portsToTry(params, paths, listening);
  const captures = new Map<string, Capture>();
  try {
    // A filter that drops says nothing: only at the machine itself is seen that it was asked, and kept silent.
    if (kind !== 'service') {
      const sources = [...new Set(paths.map((it) => `host ${it.place.address}`))].join(' or ');
      await Promise.all(
        [...new Set(paths.map((it) => it.to))].map(async (node) =>
          captures.set(
            node,
            await startCapture(network, node, 'any', `(tcp or udp) and (${sources})`, signal, { snapLength: 128 }),
          ),
        ),
      );
    }
    const seen = (): ReadonlyMap<string, Arrivals> =>
      new Map([...captures].map(([node, it]) => [node, readArrivals(it.frames(), params.sourcePorts)]));
    const scans = await scanAll(paths, ports, listening, seen, context);
    const arrivals = seen();
    const attempts = paths.flatMap((path) =>
      attemptsOf(path, scans.get(path) ?? { tcp: {}, udp: {} }, arrivals.get(path.to), plan, kind),
    );
    return { attempts, evidence: await keepEvidence(scans, ports, context) };
  } finally {
    await Promise.all([...captures.values()].map((it) => it.stop()));
  }
}

export function pathsOf({ from, targets, sourcePorts }: Params, plan: Plan): Path[] {
  const named = new Map<string, Params['targets'][number]>();
  for (const target of targets)
    for (const node of nodesOfPlaces(plan, [target.node]))
      if (!named.has(node) || node === target.node) named.set(node, target);
  return placesInReach(plan, from).flatMap((place) =>
    [...named].flatMap(([to, { tcp, udp }]) =>
      addressesOf(plan, to)
        .filter(({ family }) => to !== place.node && family === place.family)
        .flatMap(({ address }) => {
          const path = { place, to, address, allowed: { tcp, udp } };
          return [path, ...sourcePorts.map((sourcePort) => ({ ...path, sourcePort }))];
        }),
    ),
  );
}

/** What the machines that are scanned listen on, by machine. */
async function listenersOf(
  paths: readonly Path[],
  { network, signal }: ProbeContext,
): Promise<ReadonlyMap<string, Ports>> {
  const listening = await Promise.all(
    [...new Set(paths.map((it) => it.to))].map(async (node) => {
      const { exitCode, stdout, stderr } = await network.node(node).exec(['ss', '-Hlntu'], { signal });
      if (exitCode !== 0)
        throw new LabError('command-failed', `ss on ${node}: ${stderr.trim() || `exit code ${exitCode}`}`);
      return [node, readListeners(stdout)] as const;
    }),
  );
  return new Map(listening);
}

/**
 * A port where nobody listens cannot be open, so scanning what somebody listens on is as thorough as
 * scanning all, and takes a second. The well-known ones show what a machine answers for another.
 */
function portsToTry(
  { alsoTcp, alsoUdp }: Params,
  paths: readonly Path[],
  listening: ReadonlyMap<string, Ports>,
): Ports {
  const all = (transport: Transport, also: readonly number[]): number[] => {
    const allowed = paths.flatMap((it) => it.allowed[transport]);
    const heard = [...listening.values()].flatMap((it) => it[transport]);
    return [...new Set([...wellKnown[transport], ...also, ...allowed, ...heard])].toSorted((a, b) => a - b);
  };
  return { tcp: all('tcp', alsoTcp), udp: all('udp', alsoUdp) };
}

/** Reads `tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*`; what only the machine itself can reach is left out. */
export function readListeners(text: string): Record<Transport, number[]> {
  const ports: Record<Transport, number[]> = { tcp: [], udp: [] };
  for (const line of text.split('\n')) {
    const [transport, , , , local = ''] = line.split(/\s+/);
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? [];
    if ((transport !== 'tcp' && transport !== 'udp') || port === undefined) continue;
    if (!/^(?:127\.|\[::1\])/.test(address)) ports[transport].push(Number(port));
  }
  return ports;
}

export function attemptsOf(
  { place, to, address, allowed, sourcePort }: Path,
  scanned: Scanned,
  arrivals: Arrivals | undefined,
  plan: Plan,
  kind: ProbeContext['kind'],
): Attempt[] {
  return transports.flatMap((transport) => {
    const key = (port: number): string =>
      arrivalKey(transport, { address: place.address, port: sourcePort }, address, port);
    const states = Object.entries(scanned[transport]).map(([port, { state, by }]) => ({
      port: Number(port),
      // An answer that left the machine and was lost, or late, is one all the same.
      state: state === 'silent' && arrivals?.answered.has(key(Number(port))) === true ? ('open' as const) : state,
      by,
    }));
    const open = states.filter((it) => it.state === 'open').map((it) => it.port);
    const name = transport.toUpperCase();
    const from = describePlace(plan, place) + (sourcePort === undefined ? '' : `, port ${sourcePort}`);
    const told = (list: readonly number[]): string => (list.length === 0 ? 'none' : list.join(', '));
    const attempt = {
      role: 'try' as const,
      family: place.family,
      from: place.node,
      to,
      way: `${transport} from ${place.address}`,
      repeat: nmapCommand(place, address, transport, states),
    };
    if (kind === 'service') {
      const missing = allowed[transport].filter((it) => !open.includes(it));
      if (allowed[transport].length === 0) return [];
      return [
        {
          ...attempt,
          label: `${name} ${allowed[transport].join(', ')} of ${to} from ${from}`,
          sent: true,
          succeeded: missing.length === 0,
          seen: `of ${allowed[transport].length} ports of ${address} open: ${told(open)}`,
        },
      ];
    }
    const others = states.filter((it) => !allowed[transport].includes(it.port));
    const extra = others.filter((it) => it.state === 'open').map((it) => it.port);
    const refused = others.filter((it) => it.state === 'reset' || it.state === 'refused');
    const silent = others.filter((it) => it.state === 'silent');
    const counted = silent.filter((it) => arrivals?.asked.has(key(it.port)) === true);
    const proof =
      refused.length === others.length
        ? { proof: 'answered' as const }
        : refused.length + counted.length === others.length
          ? { proof: 'counted' as const }
          : {};
    return [
      {
        ...attempt,
        ...proof,
        label: `${extra.length > 0 ? `${name} ${extra.join(', ')}` : `another ${name} port`} of ${to} from ${from}`,
        sent: others.length > 0 && others.every((it) => it.state !== 'unsent'),
        succeeded: extra.length > 0,
        seen:
          `of ${states.length} ports of ${address} open: ${told(open)}; ` +
          `${refused.length} refused, ${counted.length} dropped there, ${silent.length - counted.length} not seen to come in`,
      },
    ];
  });
}

/** The same by hand. */
function nmapCommand(
  { node, family }: Place,
  address: string,
  transport: Transport,
  states: readonly { readonly port: number }[],
): string {
  const ports = states.map((it) => it.port).join(',');
  const words = ['nmap', ...(family === 'v6' ? ['-6'] : []), '-n', '-Pn', transport === 'tcp' ? '-sS' : '-sU'];
  return `breakwater exec ${node} -- ${[...words, '-p', ports, address].join(' ')}`;
}

async function keepEvidence(
  scans: ReadonlyMap<Path, Scanned>,
  ports: Ports,
  { plan, keep }: ProbeContext,
): Promise<Evidence[]> {
  const lines = [...scans].map(([{ place, address, sourcePort }, scanned]) => {
    const all = transports.flatMap((transport) =>
      Object.entries(scanned[transport]).flatMap(([port, { state }]) =>
        state === 'open' ? `${port}/${transport}` : [],
      ),
    );
    const from = describePlace(plan, place) + (sourcePort === undefined ? '' : ` port ${sourcePort}`);
    return `${from} ${address}: ${all.length === 0 ? 'nothing open' : all.join(' ')}`;
  });
  const [first] = scans.keys();
  return [
    {
      kind: 'table',
      title: `Open ports, by place and address; tried: TCP ${ports.tcp.join(', ')}; UDP ${ports.udp.join(', ')}`,
      file: await keep('port-scan.txt', `${lines.join('\n')}\n`),
      command:
        first === undefined
          ? ''
          : nmapCommand(
              first.place,
              first.address,
              'tcp',
              ports.tcp.map((port) => ({ port })),
            ),
      excerpt: lines.slice(0, 60).join('\n') + (lines.length > 60 ? `\n… ${lines.length - 60} more lines` : ''),
    },
  ];
}
