import type { Plan } from '../../model/plan.ts';

/** Column and row, as in `at` of the plan. */
export type Point = readonly [number, number];

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

/** The rail runs beside the most members that stand in one row or one column, on the side of the others. */
function layLan(name: string, members: readonly Point[]): Lan {
  const row = largestGroup(members, 1);
  const column = largestGroup(members, 0);
  return row.length >= column.length ? layRail(name, members, row, 0) : layRail(name, members, column, 1);
}

/** @param along 0 for a rail from left to right, 1 for one from top to bottom. */
function layRail(name: string, members: readonly Point[], group: readonly Point[], along: 0 | 1): Lan {
  const across = along === 0 ? 1 : 0;
  const line = group[0]?.[across] ?? 0;
  const others = members.filter((it) => !group.includes(it));
  const mean = others.reduce((sum, it) => sum + it[across], 0) / Math.max(1, others.length);
  const level = others.length > 0 && mean > line ? line + railGap[along] : line - railGap[along];
  const ends = group.map((it) => it[along]);
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  const at = (position: number): Point => (along === 0 ? [position, level] : [level, position]);
  const nearest = (it: Point): Point => at(Math.min(last, Math.max(first, it[along])));
  return { name, from: at(first), to: at(last), drops: members.map((it) => ({ a: it, b: nearest(it) })) };
}

/** How far from its members a rail lies: in rows for a level one, in columns for an upright one. */
const railGap = [0.62, 0.5] as const;

function largestGroup(members: readonly Point[], axis: 0 | 1): readonly Point[] {
  const groups = members.map((one) => members.filter((it) => it[axis] === one[axis]));
  return groups.reduce((largest, it) => (it.length > largest.length ? it : largest), []);
}
