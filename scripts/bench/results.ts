import { table } from '../docs/sections.ts';
import { type Figure, figureHeader, mebibytes, rowOf, seconds, spreadOf } from './figures.ts';
import type { Phase, UpMeasure } from './measure-networks.ts';
import type { RingMeasure } from './measure-ring.ts';

export interface Results {
  readonly machine: readonly string[];
  readonly date: string;
  readonly figures: readonly Figure[];
  readonly isp: UpMeasure;
  readonly rings: readonly (readonly RingMeasure[])[];
}

/** docs/measurements.md, complete. */
export function writeResults({ machine, date, figures, isp, rings }: Results): string {
  return `# Measurements

Written by \`npm run bench\` on ${date}; nothing in here is typed by hand.

${machine.map((line) => `- ${line}`).join('\n')}

Times are of whole commands as a user runs them, the start of the program included, from a warm image. \`up\` begins
with a fresh workspace and ends when every service answers and every BGP session is up. A ✖ marks a target that the
median misses.

${table(figureHeader, figures.map(rowOf))}

## Where \`up\` of the whole ISP spends its time

${table(['phase', 'median', 'share'], phaseRows(isp.phases))}

## Memory of a node

Proportional set size of all processes of a node: what it has alone, and its share of what it shares with others.
${isp.memory.length} nodes of the reference ISP take ${mebibytes(sum(isp.memory.map((it) => it.kib)))} together.

${table(
  ['node', 'memory'],
  isp.memory.toSorted((a, b) => b.kib - a.kib).map(({ name, kib }) => [name, mebibytes(kib)]),
)}

## Rings of BGP routers

Each router is an AS of its own with one eBGP session over each of its two links and one /32. Converged: every router has
every prefix in its kernel's routing table. A router is zebra, bgpd, staticd and watchfrr.

${table(
  [
    'routers',
    'nodes started',
    'converged',
    'target',
    'down',
    'memory a router (PSS)',
    'target',
    'free memory less, a router',
  ],
  rings.map(ringRow),
)}
`;
}

function phaseRows(runs: readonly (readonly Phase[])[]): string[][] {
  const names = runs[0]?.map((phase) => phase.name) ?? [];
  const medians = names.map((name) => ({
    name,
    ms: spreadOf(runs.map((phases) => phases.find((phase) => phase.name === name)?.ms ?? 0)).median,
  }));
  const total = sum(medians.map((it) => it.ms));
  return medians.map(({ name, ms }) => [name, seconds(ms), `${((100 * ms) / total).toFixed(0)} %`]);
}

const ringTargetMs: Readonly<Record<number, number>> = { 200: 45_000 };

function ringRow(runs: readonly RingMeasure[]): string[] {
  const median = (value: (it: RingMeasure) => number): number => spreadOf(runs.map(value)).median;
  const { size } = runs[0] ?? { size: 0 };
  const target = ringTargetMs[size];
  const converged = median((it) => it.convergedMs);
  const memory = spreadOf(runs.flatMap((it) => it.memoryKb));
  return [
    String(size),
    seconds(median((it) => it.startedMs)),
    `**${seconds(converged)}**${target !== undefined && converged >= target ? ' ✖' : ''}`,
    target === undefined ? '' : `under ${seconds(target).replace(/\.0+ /, ' ')}`,
    seconds(median((it) => it.downMs)),
    `${mebibytes(memory.median)}, most ${mebibytes(memory.most)}`,
    'under 30 MB',
    mebibytes(median((it) => it.freeLessKb)),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
