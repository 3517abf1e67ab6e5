import { layRail, type Point } from '#core/model/lan.ts';
import type { DrawnEnd, DrawnNode, TopologyView } from '../../electron/contract/topology.ts';

/** A place in the drawing, in pixels; of a node its middle. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A link, or the line from a member of a segment to its rail. */
export interface Wire {
  readonly id: string;
  readonly from: Place;
  readonly to: Place;
  readonly ends: readonly DrawnEnd[];
  /** Name of the segment that a link between two stands for. */
  readonly segment: string | undefined;
}

/** A segment that more than two share. */
export interface Rail {
  readonly id: string;
  readonly name: string;
  readonly from: Place;
  readonly to: Place;
}

export interface Drawing {
  readonly nodes: readonly { readonly node: DrawnNode; readonly place: Place }[];
  readonly wires: readonly Wire[];
  readonly rails: readonly Rail[];
  /** Whether a node stands in it. */
  has(node: string): boolean;
  /** The line from one node to another along what is drawn; straight where nothing leads there. */
  between(from: string, to: string): readonly Place[];
}

export const nodeSize = { width: 118, height: 54 };
const cell = { width: 146, height: 96 };

/** The nodes where the plan puts them, drawn together where columns or rows stay empty. */
export function layTopology(view: TopologyView, shown: ReadonlySet<string>): Drawing {
  const nodes = view.nodes.filter((it) => shown.has(it.name));
  const columns = drawTogether(nodes.map((it) => it.at[0]));
  const rows = drawTogether(nodes.map((it) => it.at[1]));
  const grid = new Map(nodes.map((it): [string, Point] => [it.name, [columns(it.at[0]), rows(it.at[1])]]));
  const placeOf = (node: string): Place => toPixels(grid.get(node) ?? [0, 0]);

  const wires: Wire[] = [];
  const rails: Rail[] = [];
  const ways: Ways = new Map();
  const remember = (a: DrawnEnd, b: DrawnEnd, way: Place[]): void => {
    // A port that is kept down leads nowhere.
    if (a.addresses.length === 0 || b.addresses.length === 0) return;
    ways.set(a.node, (ways.get(a.node) ?? new Map()).set(b.node, way));
    ways.set(b.node, (ways.get(b.node) ?? new Map()).set(a.node, way.toReversed()));
  };
  for (const { id, segment, ends } of view.links) {
    const members = ends.filter((it) => grid.has(it.node));
    const [a, b] = members;
    if (a === undefined || b === undefined) continue;
    if (members.length === 2) {
      const [from, to] = [placeOf(a.node), placeOf(b.node)];
      wires.push({ id, from, to, ends: members, segment });
      remember(a, b, [from, to]);
      continue;
    }
    const rail = layRail(members.map((it) => grid.get(it.node) ?? [0, 0]));
    rails.push({ id, name: segment ?? '', from: toPixels(rail.from), to: toPixels(rail.to) });
    const drops = members.map((_, index) => toPixels(rail.drops[index] ?? rail.from));
    members.forEach((end, index) => {
      const drop = drops[index] ?? placeOf(end.node);
      wires.push({ id: `${id} ${end.node}`, from: placeOf(end.node), to: drop, ends: [end], segment });
      members.slice(index + 1).forEach((other, further) => {
        const there = drops[index + 1 + further] ?? placeOf(other.node);
        remember(end, other, [placeOf(end.node), drop, there, placeOf(other.node)]);
      });
    });
  }
  return {
    nodes: nodes.map((node) => ({ node, place: placeOf(node.name) })),
    wires,
    rails,
    has: (node) => grid.has(node),
    between: (from, to) => lineBetween(ways, from, to) ?? [placeOf(from), placeOf(to)],
  };
}

/** From each node the lines to its neighbours. */
type Ways = Map<string, Map<string, readonly Place[]>>;

/** The line over the fewest nodes. */
function lineBetween(ways: Ways, from: string, to: string): readonly Place[] | undefined {
  const lines = new Map<string, readonly Place[]>([[from, []]]);
  for (const [node, line] of lines) {
    if (node === to) return line;
    for (const [next, way] of ways.get(node) ?? []) if (!lines.has(next)) lines.set(next, [...line, ...way]);
  }
  return undefined;
}

/** Each coordinate as it is, with gaps of more than one step closed to one. */
function drawTogether(values: readonly number[]): (value: number) => number {
  const sorted = [...new Set(values)].toSorted((a, b) => a - b);
  const places = new Map<number, number>();
  let at = 0;
  sorted.forEach((value, index) => {
    const before = sorted[index - 1];
    if (before !== undefined) at += Math.min(1, value - before);
    places.set(value, at);
  });
  return (value) => places.get(value) ?? 0;
}

function toPixels([column, row]: Point): Place {
  return { x: column * cell.width, y: row * cell.height };
}
