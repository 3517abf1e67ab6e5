import { shorten } from './excerpt.ts';
import { find, type Part } from './part.ts';
import type { Rule } from './rules.ts';
import { type Moment, momentOf } from './values.ts';

export const unitsMs = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** `30 days` in milliseconds. */
export function lengthOf(length: string): number {
  const [count = '', unit = ''] = length.split(' ');
  return Number(count) * unitsMs[`${unit.replace(/s$/, '')}s` as keyof typeof unitsMs];
}

const dayMs = unitsMs.days;

export function dateBreach(
  value: string,
  { earliest, latest, at }: NonNullable<Rule['date']>,
  today: string,
): string | undefined {
  const moment = momentOf(value);
  if (typeof moment === 'string') return `is "${shorten(value)}", which ${moment}`;
  if (!moment.zoned) return `is "${shorten(value)}", a time without its zone`;
  if (at !== undefined) {
    const isThat = moment.timed && Math.floor(moment.atMs / 60_000) === Math.floor(Date.parse(at) / 60_000);
    return isThat ? undefined : `is "${shorten(value)}", which is another time`;
  }
  const days = Math.floor((moment.atMs - Date.parse(today)) / dayMs);
  const distance = `is ${shorten(value)}, ${Math.abs(days)} days ${days < 0 ? 'before' : 'after'} ${today}`;
  if (earliest !== undefined && days < earliest) return distance;
  return latest !== undefined && days > latest ? distance : undefined;
}

export function sinceBreach(
  value: string,
  { at, least, most }: NonNullable<Rule['since']>,
  parts: Part,
): string | undefined {
  const before = find(parts, at).map((it) => momentOf(it.value ?? ''));
  const after = momentOf(value);
  if (typeof after === 'string') return `is "${shorten(value)}", which ${after}`;
  const [first] = before;
  if (first === undefined || typeof first === 'string') return `follows ${at}, which ${first ?? 'is not there'}`;
  const ms =
    least !== undefined && lengthOf(least) < dayMs ? 1 : most === undefined || lengthOf(most) >= dayMs ? dayMs : 1;
  const wanting = [after, first].find((it) => ms < dayMs && !(it.timed && it.zoned));
  if (wanting !== undefined) return `compares with "${wanting.text}", not a time with its zone`;
  const wait = differenceMs(after, first);
  const told = `is ${describe(wait)} after ${at}`;
  if (wait < (least === undefined ? 0 : lengthOf(least)))
    return `${told}; ${least === undefined ? 'not before it' : `at least ${least}`} is right`;
  return most !== undefined && wait > lengthOf(most) ? `${told}; at most ${most} is right` : undefined;
}

/** Where one of them is a whole day, both count as days. */
export function differenceMs(after: Moment, before: Moment): number {
  if (after.timed && before.timed) return after.atMs - before.atMs;
  return (Math.floor(after.atMs / dayMs) - Math.floor(before.atMs / dayMs)) * dayMs;
}

function describe(ms: number): string {
  return Math.abs(ms) >= 2 * dayMs ? `${Math.round(ms / dayMs)} days` : `${Math.round(ms / 60_000)} minutes`;
}
