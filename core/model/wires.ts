import type { Plan } from './plan.ts';

/** One end of a link, or a member of a segment. */
export interface WireEnd {
  readonly node: string;
  readonly interface: string;
  readonly addresses: readonly string[];
}

/** What joins interfaces: a link has two ends and no name, a segment has its name and any number of ends. */
export interface Wire {
  readonly segment?: string;
  readonly ends: readonly WireEnd[];
}

/** The wires of a plan, read from `to` of its interfaces. The fabric only holds segments and is no end of any. */
export function wiresOf(plan: Plan): readonly Wire[] {
  const segments = new Map<string, WireEnd[]>();
  const links = new Map<string, WireEnd[]>();
  for (const [node, { interfaces, side }] of Object.entries(plan.nodes)) {
    if (side === 'fabric') continue;
    for (const [name, { addresses, to }] of Object.entries(interfaces)) {
      const end = { node, interface: name, addresses };
      const wires = plan.nodes[to] === undefined ? segments : links;
      const key = wires === segments ? to : [node, to].toSorted().join(' ');
      wires.set(key, [...(wires.get(key) ?? []), end]);
    }
  }
  return [
    ...[...links.values()].map((ends) => ({ ends })),
    ...[...segments].map(([segment, ends]) => ({ segment, ends })),
  ].filter(({ ends }) => ends.length > 1);
}
