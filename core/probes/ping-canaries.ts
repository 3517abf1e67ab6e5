import type { Attempt } from '../model/observation.ts';
import { addressOf, type Family, type Plan } from '../model/plan.ts';
import type { ProbeContext } from './probe.ts';

/** A ping that proves a path on which everything else may be dropped by right. */
export interface PingCanary {
  readonly from: string;
  readonly to: string;
  readonly family: Family;
  readonly address: string;
}

/** One ping for each place and address. */
export function planPings(paths: readonly PingCanary[], plan: Plan): PingCanary[] {
  const pings = new Map(
    paths
      .filter(({ from, family }) => addressOf(plan, from, family) !== undefined)
      .map(({ from, to, family, address }) => [`${from} ${address}`, { from, to, family, address }]),
  );
  return [...pings.values()];
}

/** Pings all at once, one fping a place. */
export async function pingAll(pings: readonly PingCanary[], { network, signal }: ProbeContext): Promise<Attempt[]> {
  const attempts = await Promise.all(
    [...new Set(pings.map((it) => it.from))].map(async (from) => {
      const own = pings.filter((it) => it.from === from);
      const addresses = own.map((it) => it.address);
      const { stdout } = await network
        .node(from)
        .exec(['fping', '-a', '-r', '3', '-t', '400', ...addresses], { signal });
      const answered = new Set(stdout.split('\n'));
      return own.map(({ to, family, address }) => ({
        label: `ping from ${from} to ${to}`,
        role: 'canary' as const,
        family,
        from,
        to,
        sent: true,
        succeeded: answered.has(address),
        seen: `${address} ${answered.has(address) ? 'answered' : 'did not answer'}`,
        repeat: `breakwater exec ${from} -- fping ${address}`,
      }));
    }),
  );
  return attempts.flat();
}
