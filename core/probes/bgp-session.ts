import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import { type Family, familyOf } from '../model/plan.ts';
import { plannedSessions, type PlannedSession, readSessions, type SessionState } from './bgp/sessions.ts';
import { pollUntil } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  node: NodeName.describe('The router whose sessions and routes are looked at'),
  neighbour: NodeName.describe('The router at the other end'),
  routes: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .optional()
    .describe("Prefixes that `node` must forward through that neighbour; the neighbour's own when left out"),
  withinMs: z
    .number()
    .int()
    .min(0)
    .max(30_000)
    .default(3000)
    .describe('How long sessions and routes may take to appear'),
});
type Params = z.infer<typeof Params>;

/** A route of the kernel: what the node really forwards by. */
export interface KernelRoute {
  readonly prefix: string;
  readonly gateways: readonly string[];
}

interface Seen {
  readonly sessions: ReadonlyMap<string, SessionState>;
  readonly routes: readonly KernelRoute[];
}

/** Looks whether BGP sessions are Established in both families and what came over them is forwarded by. */
export const bgpSession = defineProbe({
  name: 'bgp-session',
  summary:
    'Looks whether the BGP sessions between two routers are Established and the routes are in the forwarding table.',
  params: Params,
  nodes: ({ node, neighbour }) => [node, neighbour],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { plan } = context;
  const { node, neighbour } = params;
  const sessions = plannedSessions(plan, node, neighbour);
  const families = sessions.map((it) => it.family);
  const wanted = (params.routes ?? plan.nodes[neighbour]?.prefixes ?? []).filter((prefix) =>
    families.includes(familyOf(prefix)),
  );
  let seen = await look(params, context);
  await pollUntil(
    async () => {
      const complete = attemptsOf(params, sessions, wanted, seen).every((it) => it.succeeded);
      if (!complete) seen = await look(params, context);
      return complete;
    },
    params.withinMs,
    100,
  );
  const excerpt = [
    ...sessions.map(({ remote }) => `${remote} ${seen.sessions.get(remote)?.state ?? 'not configured'}`),
    ...seen.routes.filter((it) => wanted.includes(it.prefix)).map((it) => `${it.prefix} via ${it.gateways.join(', ')}`),
  ].join('\n');
  return {
    attempts: attemptsOf(params, sessions, wanted, seen),
    evidence: [
      {
        kind: 'table',
        title: `Sessions of ${node} with ${neighbour}, and the routes through it`,
        file: await context.keep(`sessions-${node}.txt`, excerpt),
        command: `breakwater exec ${node} -- vtysh -c 'show bgp summary'`,
        excerpt,
      },
    ],
  };
}

async function look({ node }: Params, { network, signal }: ProbeContext): Promise<Seen> {
  const ip = (family: Family): Promise<KernelRoute[]> =>
    network
      .node(node)
      .exec(['ip', family === 'v4' ? '-4' : '-6', '-j', 'route', 'show', 'proto', 'bgp'], { signal })
      .then(({ stdout }) => parseKernelRoutes(stdout, family));
  const [sessions, v4, v6] = await Promise.all([readSessions(network, node, signal), ip('v4'), ip('v6')]);
  return { sessions, routes: [...v4, ...v6] };
}

const Routes = z.array(
  z.looseObject({
    dst: z.string(),
    gateway: z.string().optional(),
    nexthops: z.array(z.looseObject({ gateway: z.string().optional() })).default([]),
  }),
);

/** Reads the JSON of `ip -j route show`, where host routes are without length, and ::/0 is `default`. Pure. */
export function parseKernelRoutes(text: string, family: Family): KernelRoute[] {
  const everything = family === 'v4' ? '0.0.0.0/0' : '::/0';
  const one = family === 'v4' ? '/32' : '/128';
  return Routes.parse(text.trim() === '' ? [] : JSON.parse(text)).map(({ dst, gateway, nexthops }) => ({
    prefix: dst === 'default' ? everything : dst.includes('/') ? dst : `${dst}${one}`,
    gateways: [gateway, ...nexthops.map((it) => it.gateway)].filter((it) => it !== undefined),
  }));
}

function attemptsOf(
  { node, neighbour }: Params,
  sessions: readonly PlannedSession[],
  routes: readonly string[],
  seen: Seen,
): Attempt[] {
  const base = { role: 'try' as const, from: neighbour, to: node, sent: true };
  return [
    ...sessions.map(({ remote, family }): Attempt => {
      const state = seen.sessions.get(remote)?.state;
      return {
        ...base,
        label: `BGP session with ${remote}`,
        family,
        succeeded: state === 'Established',
        seen:
          state === undefined
            ? `${node} has no neighbour ${remote}, or runs no bgpd`
            : `the session of ${node} with ${remote} is ${state}`,
        repeat: `breakwater exec ${node} -- vtysh -c 'show bgp neighbors ${remote}'`,
      };
    }),
    ...routes.map((prefix): Attempt => {
      const route = seen.routes.find((it) => it.prefix === prefix);
      return {
        ...base,
        label: `route to ${prefix}`,
        family: familyOf(prefix),
        succeeded: route !== undefined && route.gateways.length > 0,
        seen:
          route === undefined
            ? `${node} has no BGP route to ${prefix}`
            : `${node} forwards ${prefix} to ${route.gateways.join(', ')}`,
        repeat: `breakwater exec ${node} -- ip route show ${prefix}`,
      };
    }),
  ];
}
