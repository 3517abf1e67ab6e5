/** Repeated measurements of one thing, in milliseconds, with what was promised for it. */
export interface Figure {
  readonly what: string;
  readonly ms: readonly number[];
  /** Milliseconds that the median has to stay below. */
  readonly targetMs?: number;
}

export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly most: number;
}

/** @throws RangeError when nothing was measured */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new RangeError('the spread of no measurement');
  const upper = sorted[Math.floor(sorted.length / 2)] ?? most;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? least;
  return { least, median: (lower + upper) / 2, most };
}

/** `4.21 s`, `0.38 s`, `112 s`: three digits that mean something. */
export function seconds(ms: number): string {
  const value = ms / 1000;
  return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)} s`;
}

export function mebibytes(kib: number): string {
  return `${(kib / 1024).toFixed(1)} MiB`;
}

/** Cells of a table: what, least, median, most, number of runs, target, and how much of it the median takes. */
export function rowOf({ what, ms, targetMs }: Figure): string[] {
  const { least, median, most } = spreadOf(ms);
  return [
    what,
    seconds(least),
    `**${seconds(median)}**`,
    seconds(most),
    String(ms.length),
    targetMs === undefined ? '' : `under ${seconds(targetMs).replace(/\.0+ /, ' ')}`,
    targetMs === undefined ? '' : `${(median / targetMs).toFixed(2)}${median < targetMs ? '' : ' ✖'}`,
  ];
}

export const figureHeader = ['what', 'least', 'median', 'most', 'runs', 'target', 'median / target'] as const;
