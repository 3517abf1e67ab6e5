import { z } from 'zod';

import { NodeName } from '#core/model/ids.ts';
import { Side } from '#core/model/plan.ts';

export const DrawnNode = z.strictObject({
  name: NodeName,
  title: z.string(),
  role: z.string(),
  side: Side,
  attacker: z.boolean().describe('An attack can start here'),
  as: z.number().int().optional(),
  at: z.tuple([z.number(), z.number()]).describe('Column and row of the plan'),
  loopback: z.array(z.string()),
  names: z.array(z.string()).describe('Host names'),
  interfaces: z.array(
    z.strictObject({ name: z.string(), addresses: z.array(z.string()), to: z.string().describe('Node or segment') }),
  ),
});
export type DrawnNode = z.infer<typeof DrawnNode>;

/** One end of a link, or a member of a segment. */
export const DrawnEnd = z.strictObject({
  node: NodeName,
  interface: z.string(),
  addresses: z.array(z.string()),
});
export type DrawnEnd = z.infer<typeof DrawnEnd>;

/** Two ends: a link between nodes. More: a segment that all of them share, with its name. */
export const DrawnLink = z.strictObject({
  id: z.string(),
  segment: z.string().optional(),
  ends: z.array(DrawnEnd).min(2),
});
export type DrawnLink = z.infer<typeof DrawnLink>;

/** The reference network. The fabric, which only holds segments, is left out. */
export const TopologyView = z.strictObject({
  title: z.string(),
  nodes: z.array(DrawnNode),
  links: z.array(DrawnLink),
  ases: z.record(z.string(), z.strictObject({ name: z.string(), domain: z.string() })),
});
export type TopologyView = z.infer<typeof TopologyView>;
