import { z } from 'zod';

import { familyOf } from '../../model/plan.ts';
import type { ProbeContext } from '../probe.ts';

/** By what bgpd chose the route that it uses (RFC 4271 §9.1.2). */
export interface Decision {
  /** Whether it has compared more than one; before that the reason says nothing. */
  readonly compared: boolean;
  /** In bgpd's words. */
  readonly reason: string;
  /** Preference and weight are what somebody configured. All else is what the other side says, or an accident. */
  readonly byPolicy: boolean;
}

const Prefix = z.looseObject({
  paths: z
    .array(
      z.looseObject({
        bestpath: z
          .looseObject({ overall: z.boolean().default(false), selectionReason: z.string().default('') })
          .optional(),
      }),
    )
    .default([]),
});

/** What `show bgp … PREFIX json` says about the choice. */
export function parseDecision(text: string): Decision {
  const { paths } = Prefix.parse(text.trimStart().startsWith('{') ? JSON.parse(text) : {});
  const reason = paths.find((it) => it.bestpath?.overall === true)?.bestpath?.selectionReason ?? '';
  return {
    compared: paths.length > 1 && reason !== '' && reason !== 'First path received',
    reason,
    byPolicy: ['Local Pref', 'Weight'].includes(reason),
  };
}

export async function readDecisions(
  prefixes: readonly string[],
  node: string,
  { network, signal }: ProbeContext,
): Promise<ReadonlyMap<string, Decision>> {
  return new Map(
    await Promise.all(
      prefixes.map(async (prefix) => {
        const command = `show bgp ${familyOf(prefix) === 'v4' ? 'ipv4' : 'ipv6'} unicast ${prefix} json`;
        const { stdout } = await network.node(node).exec(['vtysh', '-c', command], { signal, timeoutMs: 5000 });
        return [prefix, parseDecision(stdout)] as const;
      }),
    ),
  );
}
