import { z } from 'zod';

import { InterfaceName, NodeName } from '../model/ids.ts';
import { containsPrefix, parsePrefix } from '../model/ip.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { type Family, familyOf, type Plan } from '../model/plan.ts';
import type { NodeProcess } from '../runtime/runtime.ts';
import { addressPair } from './address-pair.ts';
import { parseKernelRoutes } from './bgp-session.ts';
import { isSameSession, readSessions, type SessionEnds, sessionEnds, type SessionState } from './bgp/sessions.ts';
import { bgpMarker, readUpdates } from './bgp/updates.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import type { Frame } from './pcap.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  from: NodeName.describe('Where it flaps'),
  interfaces: z
    .array(InterfaceName)
    .min(1)
    .optional()
    .describe('Links of `from` that go down and up; when left out it withdraws its prefixes and announces them again'),
  prefixes: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .min(1)
    .optional()
    .describe('What comes and goes; when left out what the plan has: of the customers at the links, or of `from`'),
  to: NodeName.describe('The router whose routes come and go with it; the neighbour that is told, or one inside'),
  heard: z.array(NodeName).min(1).describe('Who hears of it; in an abuse check neighbours of `to`'),
  times: z.number().int().min(1).max(30).default(3).describe('How often it goes and comes back'),
  most: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('UPDATE messages of one family that each may hear, in an abuse check'),
  withinMs: z
    .number()
    .int()
    .min(50)
    .max(10_000)
    .default(3000)
    .describe('How long each change may take to show; in an abuse check the next one comes then in any case'),
});
type Params = z.infer<typeof Params>;

/** How long a change that is held back may take to be read: a neighbour may gather what it sends for a second or two. */
const longestReadMs = 3000;

/** One listener's session with the router that tells it. */
interface Ear extends SessionEnds {
  readonly node: string;
  readonly capture: Capture;
}

interface Flapped {
  readonly before: ReadonlyMap<string, SessionState>;
  readonly after: ReadonlyMap<string, SessionState>;
  /** How many of the changes each watched node followed, by node and prefix. */
  readonly followed: ReadonlyMap<string, number>;
  /** From when on whatever the changes made the router say has been said, in seconds since the epoch. */
  readonly settledAt: number;
}

/** Makes routes come and go, and looks who hears of it and who follows. */
export const bgpFlap = defineProbe({
  name: 'bgp-flap',
  summary:
    'Has a neighbour flap its prefixes, or links inside flap, and counts the UPDATEs that others hear of it; or looks whether they follow each change.',
  params: Params,
  exclusive: true,
  undoMs: 35_000,
  nodes: ({ from, to, heard }) => [from, to, ...heard],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, kind, signal } = context;
  const { to, heard } = params;
  const prefixes = flappingPrefixes(params, plan);
  // Who hears of a neighbour's flaps is inside, and follows as long as anybody does: so no two changes are told as one.
  const watched = kind !== 'abuse' ? heard : params.interfaces === undefined ? [to, ...heard] : [to];
  const [before, absent] = await Promise.all([
    readSessions(network, to, signal),
    missingRoutes([to, ...heard], prefixes, context),
  ]);
  const captures = await Promise.all(heard.map((node) => startCapture(network, node, 'any', 'tcp port 179', signal)));
  try {
    const ears = captures.flatMap((capture) =>
      kind === 'service'
        ? []
        : sessionEnds(plan, to, capture.node).map((ends) => ({ ...ends, node: capture.node, capture })),
    );
    const followed = await flap(params, prefixes, watched, before, context);
    // A message that follows later than bgpd gathers changes (`coalesce-time`), such as a keepalive: all is in.
    const settledAt = Date.now() / 1000 + 0.1;
    await pollUntil(() => ears.every((ear) => messagesIn(ear).some((it) => it.at >= settledAt)), 8000);
    const flapped = { before, after: await readSessions(network, to, signal), followed, settledAt };
    return {
      attempts:
        kind === 'abuse'
          ? ears.flatMap((ear) => attemptsOf(ear, prefixes, params, flapped, plan))
          : heard.flatMap((node) => prefixes.map((prefix) => followingOf(node, prefix, params, flapped, plan))),
      evidence: [
        ...(await Promise.all(
          captures.map((it) => it.keep(context, `heard-${it.node}`, `What ${it.node} heard over BGP`)),
        )),
        await keepDampening(params, context),
      ],
    };
  } finally {
    await Promise.all(captures.map((it) => it.stop()));
    if (params.interfaces === undefined) await forget(params, context);
    // Whoever looks next finds every route where it was.
    const patient = { network, signal: AbortSignal.timeout(12_000) };
    await pollUntil(
      async () => (await missingRoutes([to, ...heard], prefixes, patient)).every((it) => absent.includes(it)),
      10_000,
      100,
    );
  }
}

/** What comes and goes, each prefix in its one spelling. */
export function flappingPrefixes({ from, interfaces, prefixes }: Params, plan: Plan): string[] {
  const planned =
    interfaces === undefined
      ? (plan.nodes[from]?.prefixes ?? [])
      : plan.customers
          .filter(({ port }) => interfaces.some((it) => port === `${from}:${it}`))
          .flatMap((it) => it.prefixes);
  return (prefixes ?? planned).map((text) => {
    const { network, prefixLength } = parsePrefix(text);
    return `${network}/${prefixLength}`;
  });
}

/** What makes it go and come. The addresses of IPv6 stay on a link that goes down only where the kernel is told to keep them. */
export function commandsOf(
  { from, interfaces }: Pick<Params, 'from' | 'interfaces'>,
  prefixes: readonly string[],
  plan: Plan,
): { readonly prepare: string; readonly go: string; readonly come: string; readonly undo: string } {
  if (interfaces !== undefined) {
    const each = (command: (iface: string) => string): string => interfaces.map(command).join('; ');
    const keep = (value: number): string =>
      each((it) => `echo ${value} >/proc/sys/net/ipv6/conf/${it}/keep_addr_on_down`);
    const come = each((it) => `ip link set ${it} up`);
    return { prepare: keep(1), go: each((it) => `ip link set ${it} down`), come, undo: `${come}; ${keep(0)}` };
  }
  const say = (no: string): string => {
    const networks = (['v4', 'v6'] as const).flatMap((family) => [
      `address-family ${family === 'v4' ? 'ipv4' : 'ipv6'} unicast`,
      ...prefixes.filter((it) => familyOf(it) === family).map((it) => `${no}network ${it}`),
      'exit-address-family',
    ]);
    const lines = ['configure terminal', `router bgp ${plan.nodes[from]?.as ?? 0}`, ...networks];
    return ['vtysh', ...lines.map((line) => `-c '${line}'`)].join(' ');
  };
  return { prepare: 'true', go: say('no '), come: say(''), undo: say('') };
}

/** Goes and comes; says how often each watched node was seen to follow. */
async function flap(
  params: Params,
  prefixes: readonly string[],
  watched: readonly string[],
  before: ReadonlyMap<string, SessionState>,
  context: ProbeContext,
): Promise<ReadonlyMap<string, number>> {
  const { network, plan, signal } = context;
  const { from, to, interfaces, times, withinMs } = params;
  const { prepare, go, come, undo } = commandsOf(params, prefixes, plan);
  const families = new Set(prefixes.map(familyOf));
  const ends = interfaces === undefined ? sessionEnds(plan, to, from).filter((it) => families.has(it.family)) : [];
  const followed = new Map<string, number>();
  const tether: NodeProcess = network
    .node(from)
    .spawn(['sh', '-ec', `${prepare}; echo ready; exec sleep infinity`], { signal, undo });
  try {
    await tether.waitFor(/^ready$/, 5000);
    let patienceMs = withinMs;
    let heldBack = false;
    for (const [index, command] of Array.from({ length: times }, () => [go, come])
      .flat()
      .entries()) {
      const gone = command === go;
      await network.node(from).exec(['sh', '-c', command], { signal, timeoutMs: 5000 });
      let missing: readonly string[] = [];
      const wanted = watched.length * prefixes.length * (gone ? 1 : 0);
      const done = await pollUntil(async () => {
        missing = await missingRoutes(watched, prefixes, context);
        // What is held back shows nowhere, whether it goes or comes, and still has to leave change by change: a
        // busy bgpd sends two that come close together as one.
        return heldBack && interfaces === undefined
          ? hasRead(index + 1, ends, before, await readSessions(network, to, signal))
          : missing.length === wanted;
      }, patienceMs);
      // Those after it will be held back as well: of links nothing else can be waited for, of prefixes that they are read.
      if (!done && interfaces !== undefined) patienceMs = Math.min(withinMs, 250);
      else if (!done) patienceMs = heldBack ? withinMs : Math.max(withinMs, longestReadMs);
      heldBack ||= !done;
      for (const key of watched.flatMap((node) => prefixes.map((prefix) => keyOf(node, prefix))))
        if (missing.includes(key) === gone) followed.set(key, (followed.get(key) ?? 0) + 1);
    }
    return followed;
  } finally {
    await tether.stop();
  }
}

/** Whether a router has read an UPDATE for each change, over every session that is open. */
export function hasRead(
  changes: number,
  ends: readonly SessionEnds[],
  before: ReadonlyMap<string, SessionState>,
  now: ReadonlyMap<string, SessionState>,
): boolean {
  return ends.every(({ remote }) => {
    const session = now.get(remote);
    const read = (session?.updatesReceived ?? 0) - (before.get(remote)?.updatesReceived ?? 0);
    return session?.state !== 'Established' || read >= changes;
  });
}

function keyOf(node: string, prefix: string): string {
  return `${node} ${prefix}`;
}

/** Which prefixes the kernels of nodes do not forward by a route of their own. */
async function missingRoutes(
  nodes: readonly string[],
  prefixes: readonly string[],
  { network, signal }: Pick<ProbeContext, 'network' | 'signal'>,
): Promise<string[]> {
  const missing = await Promise.all(
    [...new Set(nodes)].map(async (node) => {
      const script = 'ip -4 -j route show proto bgp; ip -6 -j route show proto bgp';
      const { stdout } = await network.node(node).exec(['sh', '-c', script], { signal, timeoutMs: 5000 });
      const [v4 = '', v6 = ''] = stdout.split('\n');
      const present = new Set([...parseKernelRoutes(v4, 'v4'), ...parseKernelRoutes(v6, 'v6')].map((it) => it.prefix));
      return prefixes.filter((it) => !present.has(it)).map((it) => keyOf(node, it));
    }),
  );
  return missing.flat();
}

/**
 * A neighbour whose session ended is a new one afterwards: with the routes goes the penalty that the
 * router kept for them, which FRR has no other command for in IPv6.
 */
async function forget({ from, to }: Params, { network, plan }: ProbeContext): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  const sessions = sessionEnds(plan, to, from);
  const before = await readSessions(network, to, signal);
  const clear = sessions.map(({ family, local }) => `clear bgp ${family === 'v4' ? 'ipv4' : 'ipv6'} unicast ${local}`);
  await network.node(from).exec(['vtysh', ...clear.flatMap((it) => ['-c', it])], { signal });
  const open = sessions.filter(({ remote }) => before.get(remote)?.state === 'Established');
  await pollUntil(
    async () => {
      const now = await readSessions(network, to, signal);
      return open.every(
        ({ remote }) =>
          now.get(remote)?.state === 'Established' && now.get(remote)?.dropped !== before.get(remote)?.dropped,
      );
    },
    8000,
    100,
  );
}

/** Frames with a BGP message from the router to the listener. */
function messagesIn({ local, remote, capture }: Ear): readonly Frame[] {
  const pair = addressPair(local, remote);
  return capture.frames().filter(({ bytes }) => bytes.includes(pair) && bytes.includes(bgpMarker));
}

/** Whether it left: the neighbour's router has read every change, or the router inside has followed each. */
function wasTold(
  family: Family,
  prefixes: readonly string[],
  { from, to, interfaces, times }: Params,
  { before, after, followed }: Flapped,
  plan: Plan,
): { readonly told: boolean; readonly how: string } {
  if (interfaces !== undefined) {
    const least = Math.min(
      ...prefixes.filter((it) => familyOf(it) === family).map((it) => followed.get(keyOf(to, it)) ?? 0),
    );
    return { told: least >= 2 * times, how: `the routes of ${to} followed ${least} of ${2 * times} changes` };
  }
  const remote = sessionEnds(plan, to, from).find((it) => it.family === family)?.remote ?? '';
  const read = (after.get(remote)?.updatesReceived ?? 0) - (before.get(remote)?.updatesReceived ?? 0);
  return { told: read >= 2 * times, how: `${to} read ${read} UPDATEs from ${remote}` };
}

function attemptsOf(ear: Ear, prefixes: readonly string[], params: Params, flapped: Flapped, plan: Plan): Attempt[] {
  const { from, to, times, most } = params;
  const { family, local, remote, node, capture } = ear;
  const flapping = prefixes.filter((it) => familyOf(it) === family);
  if (flapping.length === 0) return [];
  // Of links inside, that is what the provider has; a prefix that a customer has of his own is news by right.
  const around = params.interfaces === undefined ? flapping : (plan.nodes[to]?.prefixes ?? []);
  const updates = readUpdates(
    capture.frames().map((it) => it.bytes),
    local,
    remote,
  ).filter(({ announced, withdrawn }) =>
    [...announced, ...withdrawn].some((it) => around.some((outer) => containsPrefix(outer, it))),
  );
  const { told, how } = wasTold(family, prefixes, params, flapped, plan);
  const messages = messagesIn(ear).length;
  // The listener went on hearing the router after the last change, and nothing more of it came.
  const counted = messagesIn(ear).some((it) => it.at >= flapped.settledAt);
  const base = { family, from, repeat: repeatOf(params, prefixes, plan) };
  return [
    {
      ...base,
      label: `${node} hears of ${params.interfaces === undefined ? flapping.join(', ') : `links of ${from}`} flapping ${times} times`,
      role: 'try',
      to: node,
      sent: told,
      succeeded: updates.length > most,
      ...(counted ? { proof: 'counted' as const } : {}),
      seen: `${how}; ${node} heard ${updates.length} UPDATEs from ${local}, ${most === 0 ? 'and none of them is its business' : `of which ${most} would be fair`}`,
    },
    {
      ...base,
      label: `${node} listens to ${local}`,
      role: 'canary',
      to: node,
      sent: true,
      succeeded: messages > 0,
      seen: `${messages} segments with BGP messages came from ${local} to ${remote}`,
    },
    ...sessionCanary(family, params, flapped, plan),
  ];
}

/** A neighbour that was cut off flaps no more, which is no cure. */
function sessionCanary(family: Family, params: Params, { before, after }: Flapped, plan: Plan): Attempt[] {
  const { from, to, interfaces } = params;
  if (interfaces !== undefined) return [];
  const remote = sessionEnds(plan, to, from).find((it) => it.family === family)?.remote ?? '';
  const was = before.get(remote);
  const same = was !== undefined && isSameSession(was, after.get(remote));
  return [
    {
      label: `the session of ${to} with ${remote}`,
      role: 'canary',
      family,
      from,
      to,
      sent: true,
      succeeded: same,
      seen: same
        ? 'it went on all the time'
        : `it is ${after.get(remote)?.state ?? 'not configured'}, and did not stay up`,
      repeat: `breakwater exec ${to} -- vtysh -c 'show bgp neighbors ${remote}'`,
    },
  ];
}

function followingOf(node: string, prefix: string, params: Params, { followed }: Flapped, plan: Plan): Attempt {
  const { from, times, withinMs } = params;
  const changes = followed.get(keyOf(node, prefix)) ?? 0;
  return {
    label: `${node} follows ${prefix} going and coming ${times} times`,
    role: 'try',
    family: familyOf(prefix),
    from,
    to: node,
    sent: true,
    succeeded: changes === 2 * times,
    seen: `the routes of ${node} followed ${changes} of ${2 * times} changes within ${withinMs} ms`,
    repeat: repeatOf(params, [prefix], plan),
  };
}

function repeatOf(params: Params, prefixes: readonly string[], plan: Plan): string {
  const { go, come } = commandsOf(params, prefixes, plan);
  return `breakwater exec ${params.from} -- sh -c "${go}; sleep 1; ${come}"`;
}

async function keepDampening({ to }: Params, { network, signal, keep }: ProbeContext): Promise<Evidence> {
  const command = [
    'vtysh',
    ...['ipv4', 'ipv6'].flatMap((it) => ['-c', `show bgp ${it} unicast dampening flap-statistics`]),
  ];
  const { stdout } = await network.node(to).exec(command, { signal });
  // A long prefix has a line of its own, and the rest of it stands on the next one.
  const lines = stdout.split('\n').filter((line) => /^[*> sdh]{2}.*\/|^ {3}Network|^ {15,}\S/.test(line));
  return {
    kind: 'table',
    title: `What ${to} has noted about flapping routes`,
    file: await keep(`flaps-${to}.txt`, stdout),
    command: `breakwater exec ${to} -- vtysh -c 'show bgp ipv4 unicast dampening flap-statistics'`,
    excerpt: lines.join('\n') || '(nothing)',
  };
}
