import { layRail, type Point } from '../../model/lan.ts';
import type { Plan } from '../../model/plan.ts';

export interface Line {
  readonly a: Point;
  readonly b: Point;
  /** Name of the segment that two nodes share; a plain link has none. */
  readonly label?: string;
}

/** A shared segment: a rail, and a line from it to each member. */
export interface Lan {
  readonly name: string;
  readonly from: Point;
  readonly to: Point;
  readonly drops: readonly Line[];
}

/** What the drawing has to connect, read from `to` of the plan's interfaces. */
export function wiringOf(plan: Plan): { readonly links: readonly Line[]; readonly lans: readonly Lan[] } {
  const links = new Map<string, Line>();
  const segments = new Map<string, Set<string>>();
  for (const [name, node] of Object.entries(plan.nodes)) {
    for (const { to } of Object.values(node.interfaces)) {
      const other = plan.nodes[to];
      if (other === undefined) segments.set(to, (segments.get(to) ?? new Set()).add(name));
      else if (node.side !== 'fabric' && other.side !== 'fabric') {
        links.set([name, to].toSorted().join(' '), { a: node.at, b: other.at });
      }
    }
  }

  const lans: Lan[] = [];
  for (const [name, members] of segments) {
    const at = [...members].flatMap((it): Point[] => {
      const node = plan.nodes[it];
      return node === undefined || node.side === 'fabric' ? [] : [node.at];
    });
    const [a, b] = at;
    if (a !== undefined && b !== undefined && at.length === 2) links.set(name, { a, b, label: name });
    else if (at.length > 2) lans.push(layLan(name, at));
  }
  return { links: [...links.values()], lans };
}

function layLan(name: string, members: readonly Point[]): Lan {
  const { from, to, drops } = layRail(members);
  return { name, from, to, drops: members.map((a, index) => ({ a, b: drops[index] ?? a })) };
}
