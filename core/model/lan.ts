/** Column and row, as in `at` of the plan. */
export type Point = readonly [number, number];

/** Where a segment with more than two members runs: a rail, and from each member a line to it. */
export interface Rail {
  readonly from: Point;
  readonly to: Point;
  /** Where the line of each member meets the rail, in the order of the members. */
  readonly drops: readonly Point[];
}

/** The rail runs beside the most members that stand in one row or one column, on the side of the others. */
export function layRail(members: readonly Point[]): Rail {
  const row = largestGroup(members, 1);
  const column = largestGroup(members, 0);
  return row.length >= column.length ? layAlong(members, row, 0) : layAlong(members, column, 1);
}

/** @param along 0 for a rail from left to right, 1 for one from top to bottom. */
function layAlong(members: readonly Point[], group: readonly Point[], along: 0 | 1): Rail {
  const across = along === 0 ? 1 : 0;
  const line = group[0]?.[across] ?? 0;
  const others = members.filter((it) => !group.includes(it));
  const mean = others.reduce((sum, it) => sum + it[across], 0) / Math.max(1, others.length);
  const level = others.length > 0 && mean > line ? line + railGap[along] : line - railGap[along];
  const ends = group.map((it) => it[along]);
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  const at = (position: number): Point => (along === 0 ? [position, level] : [level, position]);
  const nearest = (it: Point): Point => at(Math.min(last, Math.max(first, it[along])));
  return { from: at(first), to: at(last), drops: members.map(nearest) };
}

/** How far from its members a rail lies: in rows for a level one, in columns for an upright one. */
const railGap = [0.62, 0.5] as const;

function largestGroup(members: readonly Point[], axis: 0 | 1): readonly Point[] {
  const groups = members.map((one) => members.filter((it) => it[axis] === one[axis]));
  return groups.reduce((largest, it) => (it.length > largest.length ? it : largest), []);
}
