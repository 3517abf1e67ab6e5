import type { Plan, Side } from '../../model/plan.ts';
import { type Markup, markup } from '../markup.ts';
import { type Lan, type Line, wiringOf } from './wiring.ts';

export interface Highlight {
  /** Nodes that took part. The others step back; with none named, all stand out. */
  readonly involved: ReadonlySet<string>;
}

const cell = { width: 150, height: 92 };
const box = { width: 112, height: 46 };
const margin = { x: 64, y: 44 };

/** The topology as SVG, drawn where the plan puts each node (`at`: column, row). Screen readers get a sentence. */
export function drawTopology(plan: Plan, { involved }: Highlight): Markup {
  const nodes = Object.entries(plan.nodes).filter(([, it]) => it.side !== 'fabric');
  const { links, lans } = wiringOf(plan);
  const columns = Math.max(0, ...nodes.map(([, it]) => it.at[0]));
  const rows = Math.max(0, ...nodes.map(([, it]) => it.at[1]));
  const width = columns * cell.width + 2 * margin.x;
  const height = rows * cell.height + 2 * margin.y;
  const stands = (name: string): boolean => involved.size === 0 || involved.has(name);
  const label = `Topology: ${nodes.map(([name, it]) => `${name}, ${it.title}`).join('; ')}`;

  return markup`<svg class="topology" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<g class="wires">${links.map(drawLine)}${lans.map(drawLan)}</g>
${nodes.map(
  ([
    name,
    { at, title, role, side, attacker },
  ]) => markup`<g class="node ${side}${attacker && ' attacker'}${!stands(name) && ' aside'}" transform="translate(${x(at[0])} ${y(at[1])})"><title>${title}</title>
<rect class="ground" x="${-box.width / 2}" y="${-box.height / 2}" width="${box.width}" height="${box.height}" rx="7"/>
<rect class="box" x="${-box.width / 2}" y="${-box.height / 2}" width="${box.width}" height="${box.height}" rx="7"/>
<text class="name" y="-3">${name}</text><text class="what" y="13">${shorten(role.replaceAll('-', ' '))}</text>${attacker && attackMark}
</g>`,
)}
</svg>`;
}

/** The sides that the plan has, in the drawing's own colours. */
export function drawLegend(plan: Plan): Markup {
  const there = new Set(Object.values(plan.nodes).map((it) => it.side));
  const sides = (Object.keys(sideNames) as (keyof typeof sideNames)[]).filter((it) => there.has(it));
  return markup`<ul class="legend">${sides.map((side) => markup`<li><svg width="20" height="14" class="node ${side}" aria-hidden="true"><rect class="box" x="1" y="1" width="18" height="12" rx="3"/></svg>${sideNames[side]}</li>`)}<li><svg width="16" height="16" viewBox="-8 -8 16 16" class="node attacker" aria-hidden="true"><path class="mark" d="${markPath}"/></svg>an attack can start here</li><li><svg width="20" height="14" class="node aside" aria-hidden="true"><rect class="box" x="1" y="1" width="18" height="12" rx="3"/></svg>no attempt starts there or names it</li></ul>`;
}

export const sideNames: Record<Exclude<Side, 'fabric'>, string> = {
  isp: 'the ISP',
  customer: 'customers',
  peer: 'peers',
  transit: 'transit',
  internet: 'the Internet',
};

/** A solid diamond: it says the same without colour. */
export const markPath = 'M0 -7 L7 0 L0 7 L-7 0 Z';
const attackMark = markup`<path class="mark" transform="translate(${box.width / 2 - 3} ${-box.height / 2 + 3})" d="${markPath}"/>`;

function drawLine({ a, b, label }: Line): Markup {
  const [ax, ay, bx, by] = [x(a[0]), y(a[1]), x(b[0]), y(b[1])];
  return markup`<line x1="${ax}" y1="${ay}" x2="${bx}" y2="${by}"/>${label !== undefined && markup`<text class="segment" x="${round((ax + bx) / 2 + 7)}" y="${round((ay + by) / 2 + 4)}">${label}</text>`}`;
}

/** A LAN is a rail with its members hanging from it. */
function drawLan({ name, from, to, drops }: Lan): Markup {
  const upright = from[0] === to[0];
  const [stretchX, stretchY] = upright ? [0, 10] : [22, 0];
  const label = upright
    ? markup`<text class="segment over" x="${x(from[0])}" y="${y(from[1]) - 20}">${name}</text>`
    : markup`<text class="segment before" x="${x(from[0]) - 30}" y="${y(from[1]) + 4}">${name}</text>`;
  return markup`${drops.map(drawLine)}<line class="rail" x1="${x(from[0]) - stretchX}" y1="${y(from[1]) - stretchY}" x2="${x(to[0]) + stretchX}" y2="${y(to[1]) + stretchY}"/>${label}`;
}

function x(column: number): number {
  return round(margin.x + column * cell.width);
}

function y(row: number): number {
  return round(margin.y + row * cell.height);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** What fits into a box at the drawing's type size. */
function shorten(title: string): string {
  return title.length <= 20 ? title : `${title.slice(0, 19).trimEnd()}…`;
}
