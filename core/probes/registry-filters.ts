import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import { parsePrefix } from '../model/ip.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { familyOf, type Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  registry: NodeName.describe('The node with the registry'),
  from: NodeName.describe('Where somebody makes filters from it'),
  ases: z.array(z.number().int()).min(1).describe('The networks whose announcements are to be filtered'),
});
type Params = z.infer<typeof Params>;

/** Makes prefix filters from a registry, as every careful neighbour does. */
export const registryFilters = defineProbe({
  name: 'registry-filters',
  summary:
    'Makes prefix filters from a routing registry with bgpq4, and compares them with the prefixes that the plan gives to each network.',
  params: Params,
  nodes: ({ registry, from }) => [registry, from],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal, kind } = context;
  const { registry, from, ases } = params;
  // bgpq4 takes a name or an IPv4 address; it goes through either family, and gets filters of both.
  const [server = ''] = addressesOf(plan, registry).map((it) => it.address);
  const seen = await Promise.all(
    ases.flatMap((as) =>
      (['v4', 'v6'] as const).map(async (family) => {
        // -p: numbers for documentation are no public ones.
        const argv = ['bgpq4', '-h', server, '-p', family === 'v4' ? '-4' : '-6', '-j', '-l', 'filter', `AS${as}`];
        const result = await network.node(from).exec(argv, { signal });
        if (result.exitCode === 127) throw new LabError('command-failed', `bgpq4 is not there on ${from}`);
        const filter = result.exitCode === 0 ? readFilter(result.stdout) : undefined;
        return { as, family, filter, argv, said: result.stderr.trim() };
      }),
    ),
  );
  const attempts = seen.map(({ as, family, filter, argv, said }): Attempt => {
    const owed = prefixesOf(plan, as).filter((it) => familyOf(it) === family);
    const missing = owed.filter((it) => filter?.includes(it) !== true);
    const excess = (filter ?? []).filter((it) => !owed.includes(it));
    return {
      label: kind === 'service' ? `a filter for AS${as}` : `a filter for AS${as} that lets in what is not its own`,
      role: 'try',
      family,
      from,
      to: registry,
      sent: kind === 'service' || filter !== undefined,
      succeeded: kind === 'service' ? filter !== undefined && missing.length === 0 : excess.length > 0,
      seen:
        filter === undefined
          ? `bgpq4 got no answer: ${said}`
          : [
              `it lets in ${filter.join(', ') || 'nothing'}`,
              ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
              ...(excess.length > 0 ? [`not of AS${as}: ${excess.join(', ')}`] : []),
            ].join('; '),
      repeat: `breakwater exec ${from} -- ${argv.join(' ')}`,
    };
  });
  return { attempts, evidence: [await keepEvidence(attempts, context)] };
}

/** What the plan says is an AS's to announce: its own prefixes, and those that its provider gave it. */
export function prefixesOf(plan: Plan, as: number): string[] {
  const own = plan.ases[String(as)]?.prefixes ?? [];
  const given = plan.customers.filter((it) => it.as === as).flatMap((it) => it.prefixes);
  return [...new Set([...own, ...given].map((it) => canonical(it)))];
}

/** `bgpq4 -j`: `{"filter": [{"prefix": "192.0.2.0/24", "exact": true}]}`. */
export function readFilter(stdout: string): string[] {
  const File = z.object({ filter: z.array(z.object({ prefix: z.string() })) });
  return File.parse(JSON.parse(stdout)).filter.map(({ prefix }) => canonical(prefix));
}

function canonical(prefix: string): string {
  const { network, prefixLength } = parsePrefix(prefix);
  return `${network}/${prefixLength}`;
}

async function keepEvidence(attempts: readonly Attempt[], { keep }: ProbeContext): Promise<Evidence> {
  const text = attempts.map(({ label, family, seen }) => `${label}, ${family}: ${seen}`).join('\n');
  return {
    kind: 'table',
    title: 'Filters made from the registry',
    file: await keep('registry-filters.txt', `${text}\n`),
    command: attempts[0]?.repeat ?? '',
    excerpt: text,
  };
}
