import { z } from 'zod';

import type { Draws } from '../../model/draws.ts';
import { parsePrefix } from '../../model/ip.ts';
import { familyOf, type Plan } from '../../model/plan.ts';
import { Claim, claims, claimsOf, ownAs, registeredBy } from './claims.ts';
import type { PlannedSession } from './sessions.ts';

/** What stands behind the AS number of the one that announces. */
export const PathKind = z.enum(['own', 'true', 'long']);
export type PathKind = z.infer<typeof PathKind>;

export const Announcement = z
  .strictObject({
    label: z.string().min(1).optional().describe('What these prefixes are'),
    prefixes: z
      .array(z.union([z.cidrv4(), z.cidrv6()]))
      .min(1)
      .optional(),
    claim: Claim.optional().describe(
      `A kind of prefixes, in place of \`prefixes\`: ${Object.entries(claims)
        .map(([kind, meaning]) => `\`${kind}\`, ${meaning}`)
        .join('; ')}`,
    ),
    path: z
      .array(z.number().int().positive())
      .default([])
      .describe('AS numbers behind that of `from`, as if it passed on what it heard: a leak, or a forged origin'),
    paths: z
      .array(PathKind)
      .min(1)
      .default(['own'])
      .describe(
        'Of a claim, its pieces aside, which the neighbour originates: `own`, the neighbour is the origin; `true`, behind it stands whose the prefix is; `long`, and between them another network',
      ),
  })
  .refine(({ prefixes, claim }) => (prefixes === undefined) !== (claim === undefined), {
    message: 'either `prefixes` or a `claim`',
  });
export type Announcement = z.infer<typeof Announcement>;

export interface PlannedAnnouncement {
  readonly label: string;
  readonly prefix: string;
  /** AS numbers behind the announcing one. */
  readonly path: readonly number[];
  readonly session: PlannedSession;
}

/**
 * Each prefix in its one spelling, over the session of its family, once with each path. A family without a session
 * is left out, and so is what the neighbour announces rightly: to withdraw that would be to break it.
 */
export function planAnnouncements(
  announce: readonly Announcement[],
  from: string,
  sessions: readonly PlannedSession[],
  plan: Plan,
  draws: Draws,
): PlannedAnnouncement[] {
  const own = registeredBy(from, plan);
  const said = announce.flatMap(({ label, prefixes = [], claim, path, paths }) => [
    ...prefixes.map((prefix) => ({ label: label ?? 'announced', prefix, path })),
    ...(claim === undefined
      ? []
      : claimsOf(claim, from, plan, draws).flatMap((one) =>
          paths
            .filter((kind) => kind === 'own' || one.part !== true)
            .filter((kind) => kind !== 'true' || !carries(from, one.origin, plan))
            .map((kind) => ({
              label: label ?? one.label,
              prefix: one.prefix,
              path: pathOf(kind, one.origin, from, plan),
            })),
        )),
  ]);
  const planned = said.flatMap(({ label, prefix: text, path }) => {
    const { network, prefixLength } = parsePrefix(text);
    const session = sessions.find((it) => it.family === familyOf(text));
    return session === undefined ? [] : [{ label, prefix: `${network}/${prefixLength}`, path, session }];
  });
  const key = (it: PlannedAnnouncement): string => `${it.prefix} ${it.path.join(' ')}`;
  return [...new Map(planned.filter((it) => !own.includes(it.prefix)).map((it) => [key(it), it])).values()];
}

/** Whether a neighbour passes on by right what that AS announces, as the provider of that AS. */
function carries(node: string, as: number | undefined, plan: Plan): boolean {
  return (plan.nodes[node]?.bgp ?? []).some((it) => it.as === as && it.relation === 'customer');
}

function pathOf(kind: PathKind, origin: number | undefined, from: string, plan: Plan): number[] {
  const end = origin ?? strangerAs(plan);
  if (kind === 'own') return [];
  if (kind === 'true') return [end];
  const taken = [end, plan.nodes[from]?.as, ownAs(plan)];
  const between = Object.values(plan.nodes).find((it) => it.as !== undefined && !taken.includes(it.as))?.as;
  return [between ?? end, end];
}

/** An AS number for documentation that no party of the plan has (RFC 5398). */
function strangerAs(plan: Plan): number {
  return [64_505, 64_506, 64_507, 64_508].find((as) => !(String(as) in plan.ases)) ?? 65_551;
}

/**
 * What is announced together. A prefix has one path at a time; and a session has room for so many prefixes, before
 * the limit of the other router ends it. The first batch has some of everything and fits in the room.
 */
export function batchesOf(
  planned: readonly PlannedAnnouncement[],
  room: (session: PlannedSession) => number,
): PlannedAnnouncement[][] {
  const batches: PlannedAnnouncement[][] = [];
  for (const one of mixed(planned)) {
    const fits = batches.find(
      (batch, index) =>
        !batch.some((it) => it.prefix === one.prefix) &&
        (index > 0 || batch.filter((it) => it.session === one.session).length < room(one.session)),
    );
    if (fits !== undefined) fits.push(one);
    else batches.push([one]);
  }
  return batches;
}

/** In turn one of each label. */
function mixed(planned: readonly PlannedAnnouncement[]): PlannedAnnouncement[] {
  const groups = new Map<string, PlannedAnnouncement[]>();
  for (const one of planned) {
    const key = `${one.session.family} ${one.label}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const most = Math.max(0, ...[...groups.values()].map((it) => it.length));
  return Array.from({ length: most }, (_, turn) =>
    [...groups.values()].flatMap((it) => it.slice(turn, turn + 1)),
  ).flat();
}

/**
 * bgpd announces what the routing table lacks only when it does not look there (`bgp network import-check`). A path is put behind its own AS on the way out: filters of the neighbour for what is its own
 * look at the route before.
 */
export function commandsOf(
  planned: readonly PlannedAnnouncement[],
  as: number,
  sessions: readonly PlannedSession[],
): { readonly announce: string; readonly withdraw: string } {
  const vtysh = (lines: readonly string[]): string =>
    ['vtysh', ...['configure terminal', ...lines].map((line) => `-c '${line}'`)].join(' ');
  const families = (['v4', 'v6'] as const).map((family) => ({
    unicast: `address-family ${family === 'v4' ? 'ipv4' : 'ipv6'} unicast`,
    own: planned.filter(({ prefix }) => familyOf(prefix) === family),
    neighbours: sessions
      .filter((it) => it.family === family)
      .map(({ local }) => `neighbor ${local} route-map ${forged} out`),
  }));
  const networks = (no: string): string[] =>
    families.flatMap(({ unicast, own, neighbours }) => {
      const rewrite = own.some(({ path }) => path.length > 0) ? neighbours.map((it) => no + it) : [];
      const said = own.map(({ prefix }) => `${no}network ${prefix}`);
      // A path is there before its prefix is said, and as long as it is.
      const lines = no === '' ? [...rewrite, ...said] : [...said, ...rewrite];
      return own.length === 0 ? [] : [unicast, ...lines, 'exit-address-family'];
    });
  const paths = forgedPaths(planned);
  return {
    announce: vtysh([...paths.make, `router bgp ${as}`, 'no bgp network import-check', ...networks('')]),
    // First what withdraws them all: vtysh stops at the first line that it does not like.
    withdraw: vtysh([`router bgp ${as}`, 'bgp network import-check', ...networks('no '), 'exit', ...paths.remove]),
  };
}

/** Name of the route-map and prefix lists that forge paths; nobody's configuration has it. */
const forged = 'BREAKWATER-FORGED';

/** A route-map that puts each path behind the prefixes that have it, and leaves everything else alone. */
function forgedPaths(planned: readonly PlannedAnnouncement[]): {
  readonly make: readonly string[];
  readonly remove: readonly string[];
} {
  const told = planned.filter(({ path }) => path.length > 0);
  if (told.length === 0) return { make: [], remove: [] };
  const entries = told.map(({ prefix, path }, index) => {
    const ip = familyOf(prefix) === 'v4' ? 'ip' : 'ipv6';
    const list = `${forged}-${index}`;
    return {
      list: `${ip} prefix-list ${list}`,
      make: [
        `${ip} prefix-list ${list} permit ${prefix}`,
        `route-map ${forged} permit ${index + 1}`,
        `match ${ip} address prefix-list ${list}`,
        `set as-path prepend ${path.join(' ')}`,
        'exit',
      ],
    };
  });
  return {
    make: [...entries.flatMap((it) => it.make), `route-map ${forged} permit 9999`, 'exit'],
    remove: [`no route-map ${forged}`, ...entries.map((it) => `no ${it.list}`)],
  };
}
