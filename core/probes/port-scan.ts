import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import { canonicalAddress } from '../model/ip.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { addressOf, type Family, type Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { pingAll, planPings } from './ping-canaries.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Port = z.number().int().min(1).max(65_535);

const Target = z.strictObject({
  node: NodeName.describe('The machine that is scanned, over every address family that both ends have'),
  tcp: z.array(Port).default([]).describe('TCP ports of the services that it offers to these places'),
  udp: z.array(Port).default([]).describe('UDP ports of the services that it offers to these places'),
});

const Params = z.strictObject({
  from: z.array(NodeName).min(1).describe('Where the scans come from. A machine does not scan itself'),
  targets: z.array(Target).min(1).describe('Who is scanned, and what may answer there'),
  alsoTcp: z
    .array(Port)
    .default([])
    .describe('TCP ports to try beside the well-known ones and those where something listens'),
  alsoUdp: z.array(Port).default([]).describe('The same for UDP'),
});
type Params = z.infer<typeof Params>;
type Transport = 'tcp' | 'udp';

/** What management, files, databases and small services listen on; tried even where nothing is known to listen. */
const wellKnown: Record<Transport, readonly number[]> = {
  tcp: [
    7, 9, 13, 19, 21, 22, 23, 25, 37, 53, 69, 79, 80, 110, 111, 119, 139, 143, 161, 179, 443, 445, 465, 512, 513, 514,
    587, 623, 873, 953, 993, 995, 1080, 2049, 2222, 2323, 2601, 2604, 2605, 2606, 3128, 3306, 3389, 4444, 5432, 5900,
    6379, 8000, 8080, 8443, 9100, 9200, 11_211,
  ],
  udp: [7, 13, 17, 19, 37, 53, 69, 111, 123, 137, 161, 389, 500, 514, 520, 623, 1900, 5353, 11_211],
};

/** What one place saw of one address. */
export interface Scanned {
  readonly open: Readonly<Record<Transport, readonly number[]>>;
}

interface Scan {
  readonly from: string;
  readonly family: Family;
  readonly command: readonly string[];
  readonly sent: number;
  readonly hosts: ReadonlyMap<string, Scanned>;
  readonly text: string;
}

/** Scans machines, and looks which ports answer. */
export const portScan = defineProbe({
  name: 'port-scan',
  summary:
    'Scans machines by TCP and UDP, over both address families, from several places, and compares what answers with what is to answer.',
  params: Params,
  nodes: ({ from, targets }) => [...from, ...targets.map((it) => it.node)],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { plan, kind } = context;
  const ports = await portsToTry(params, context);
  const paths = pathsOf(params, plan);
  const [scans, canaries] = await Promise.all([
    Promise.all(planScans(params, plan, ports).map((it) => scan(it, context))),
    pingAll(kind !== 'service' ? planPings(paths, plan) : [], context),
  ]);
  const attempts = paths.flatMap((path) => {
    const own = scans.find((it) => it.from === path.from && it.family === path.family);
    return own === undefined ? [] : attemptsOf(path, own, ports, context);
  });
  return { attempts: [...attempts, ...canaries], evidence: await keepEvidence(scans, context) };
}

interface Path {
  readonly from: string;
  readonly to: string;
  readonly family: Family;
  readonly address: string;
  readonly allowed: z.infer<typeof Target>;
}

function pathsOf({ from, targets }: Params, plan: Plan): Path[] {
  return from.flatMap((node) =>
    targets
      .filter((it) => it.node !== node)
      .flatMap((allowed) =>
        addressesOf(plan, allowed.node)
          .filter(({ family }) => addressOf(plan, node, family) !== undefined)
          .map((at) => ({ ...at, from: node, to: allowed.node, allowed })),
      ),
  );
}

/**
 * A port where nobody listens cannot be open, so scanning what somebody listens on is as thorough as
 * scanning all, and takes a second. The well-known ones show what a machine answers for another.
 */
async function portsToTry(
  { targets, alsoTcp, alsoUdp }: Params,
  { network, signal }: ProbeContext,
): Promise<Record<Transport, number[]>> {
  const listening = await Promise.all(
    targets.map(async ({ node }) => {
      const { exitCode, stdout, stderr } = await network.node(node).exec(['ss', '-Hlntu'], { signal });
      if (exitCode !== 0)
        throw new LabError('command-failed', `ss on ${node}: ${stderr.trim() || `exit code ${exitCode}`}`);
      return readListeners(stdout);
    }),
  );
  const all = (transport: Transport, also: readonly number[]): number[] => {
    const allowed = targets.flatMap((it) => it[transport]);
    const ports = [...wellKnown[transport], ...also, ...allowed, ...listening.flatMap((it) => it[transport])];
    return [...new Set(ports)].toSorted((a, b) => a - b);
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

/** One nmap for each place and family, all targets at once. */
function planScans(
  params: Params,
  plan: Plan,
  ports: Record<Transport, number[]>,
): Pick<Scan, 'from' | 'family' | 'command'>[] {
  return params.from.flatMap((from) =>
    (['v4', 'v6'] as const).flatMap((family) => {
      const addresses = pathsOf({ ...params, from: [from] }, plan).flatMap((it) =>
        it.family === family ? it.address : [],
      );
      if (addresses.length === 0) return [];
      return [{ from, family, command: nmapCommand(family, addresses, ports) }];
    }),
  );
}

// What is dropped is asked again once. Nobody is slowed down for the sake of ICMP limits, because only
// answers count: a UDP port that keeps silent tells nothing either way.
function nmapCommand(
  family: Family,
  addresses: readonly string[],
  { tcp, udp }: Record<Transport, readonly number[]>,
): string[] {
  const words =
    `nmap ${family === 'v6' ? '-6 ' : ''}-n -Pn -v -sS -sU -p T:${tcp.join(',')},U:${udp.join(',')} ` +
    '--max-retries 1 --initial-rtt-timeout 200ms --max-rtt-timeout 400ms --min-rate 1000 --max-scan-delay 5ms --min-hostgroup 64';
  return [...words.split(' '), ...addresses];
}

async function scan(
  { from, family, command }: Pick<Scan, 'from' | 'family' | 'command'>,
  { network, signal }: ProbeContext,
): Promise<Scan> {
  const { stdout, stderr, exitCode } = await network
    .node(from)
    .exec(['bash', '-o', 'pipefail', '-c', '"$@" -oX /dev/fd/3 3>&1 1>&2 | cat', 'bash', ...command], { signal });
  if (exitCode !== 0)
    throw new LabError(
      'command-failed',
      `nmap on ${from}: ${stderr.trim().split('\n').at(-1) || `exit code ${exitCode}`}`,
    );
  return { from, family, command, ...readScan(stdout, stderr), text: stderr };
}

/** Reads nmap's XML, and from what it tells beside it how many packets really left. */
export function readScan(xml: string, told: string): Pick<Scan, 'hosts' | 'sent'> {
  const hosts = new Map<string, Scanned>();
  for (const [host] of xml.matchAll(/<host\b[\s\S]*?<\/host>/g)) {
    const address = /<address addr="([^"]+)" addrtype="ipv[46]"/.exec(host)?.[1];
    if (address === undefined) continue;
    const open: Record<Transport, number[]> = { tcp: [], udp: [] };
    for (const [, transport, port] of host.matchAll(/<port protocol="(tcp|udp)" portid="(\d+)"><state state="open"/g))
      open[transport as Transport].push(Number(port));
    hosts.set(canonicalAddress(address), { open });
  }
  return { hosts, sent: Number(/Raw packets sent: (\d+)/.exec(told)?.[1] ?? 0) };
}

function attemptsOf(
  { from, to, family, address, allowed }: Path,
  { hosts, sent, command }: Scan,
  ports: Record<Transport, number[]>,
  { kind }: ProbeContext,
): Attempt[] {
  const scanned = hosts.get(address);
  return (['tcp', 'udp'] as const).flatMap((transport) => {
    const open = scanned?.open[transport] ?? [];
    const extra = open.filter((it) => !allowed[transport].includes(it));
    const missing = allowed[transport].filter((it) => !open.includes(it));
    if (kind === 'service' && allowed[transport].length === 0) return [];
    const name = transport.toUpperCase();
    const told = (list: readonly number[]): string => (list.length === 0 ? 'none' : list.join(', '));
    return [
      {
        label:
          kind === 'service'
            ? `${name} ${allowed[transport].join(', ')} of ${to} from ${from}`
            : `${extra.length > 0 ? `${name} ${extra.join(', ')}` : `another ${name} port`} of ${to} from ${from}`,
        role: 'try' as const,
        fault: kind !== 'service',
        family,
        from,
        to,
        sent: kind === 'service' || (scanned !== undefined && sent >= ports[transport].length),
        succeeded: kind === 'service' ? missing.length === 0 : extra.length > 0,
        seen: `of ${ports[transport].length} ports of ${address} open: ${told(open)}`,
        repeat: `breakwater exec ${from} -- ${command.join(' ')}`,
      },
    ];
  });
}

async function keepEvidence(scans: readonly Scan[], { keep }: ProbeContext): Promise<Evidence[]> {
  const lines = scans.flatMap(({ from, hosts }) =>
    [...hosts].map(([address, { open }]) => {
      const all = [...open.tcp.map((it) => `${it}/tcp`), ...open.udp.map((it) => `${it}/udp`)];
      return `${from} ${address}: ${all.length === 0 ? 'nothing open' : all.join(' ')}`;
    }),
  );
  const [first] = scans;
  return [
    {
      kind: 'table',
      title: 'Open ports, by place and address',
      file: await keep('port-scan.txt', `${lines.join('\n')}\n\n${scans.map((it) => it.text).join('\n')}`),
      command: first === undefined ? '' : `breakwater exec ${first.from} -- ${first.command.join(' ')}`,
      excerpt: lines.join('\n'),
    },
  ];
}
