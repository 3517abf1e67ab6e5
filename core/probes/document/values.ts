import * as chrono from 'chrono-node';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import parseDuration from 'parse-duration';

/** A point in time as somebody wrote it down. */
export interface Moment {
  readonly atMs: number;
  /** It has an hour; without one it is the whole day, and `atMs` its beginning in UTC. */
  readonly timed: boolean;
  /** It says in which zone, or is a whole day. */
  readonly zoned: boolean;
  readonly text: string;
}

/** Days that are far apart: what is read as the same by both does not depend on the day on which it is read. */
const referenceDays = [new Date('2001-03-07T12:00:00Z'), new Date('2031-10-22T12:00:00Z')] as const;

/** Every date in a text, in whatever form people write it; what only says how far off it is, such as "next week", is none. */
export function momentsIn(text: string): Moment[] {
  const [one, other] = referenceDays.map((day) => chrono.en.GB.parse(joined(text), day));
  return (one ?? []).flatMap((found, index) => {
    const again = other?.[index];
    const { start } = found;
    const dated = (['year', 'month', 'day'] as const).every((it) => start.isCertain(it));
    if (!dated || again?.start.date().getTime() !== start.date().getTime()) return [];
    const day = Date.UTC(start.get('year') ?? 0, (start.get('month') ?? 1) - 1, start.get('day') ?? 1);
    const timed = start.isCertain('hour');
    const zoned = start.isCertain('timezoneOffset');
    return [{ atMs: timed ? start.date().getTime() : day, timed, zoned: !timed || zoned, text: found.text }];
  });
}

/** RFC 3339 lets applications put a blank between date and time; the parser wants the T. */
function joined(text: string): string {
  return text
    .replaceAll(/(\d{4}-\d\d-\d\d) (?=\d\d:\d\d)/g, '$1T')
    .replaceAll(/(?<=:\d\d(?:\.\d+)?) (?=[+-]\d\d:)/g, '');
}

/** The date that a value names, or why it names none. */
export function momentOf(value: string): Moment | string {
  if (isAmbiguous(value)) return 'can be read as two dates';
  const found = momentsIn(value);
  const [first] = found;
  if (first === undefined) return 'is no date';
  const rest = found.reduce((text, it) => text.replace(it.text, ''), joined(value));
  return found.some((it) => it.atMs !== first.atMs) && !/[a-z]{3}/i.test(rest) ? 'says two dates' : first;
}

/** 5/6/2026 is in May or in June. */
function isAmbiguous(value: string): boolean {
  const [, one = 0, other = 0] = /(?<!\d)(\d{1,2})[/-](\d{1,2})[/-]\d{4}(?!\d)/.exec(value)?.map(Number) ?? [];
  return one >= 1 && other >= 1 && one <= 12 && other <= 12 && one !== other;
}

const ones = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const tens = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const numbers = new Map<string, number>([
  ['a', 1],
  ['an', 1],
  ...ones.map((word, index): [string, number] => [word, index + 1]),
  ['fourteen', 14],
  ['fifteen', 15],
  ['half an', 0.5],
  ['half a', 0.5],
  ...tens.flatMap((ten, index): [string, number][] => [
    [ten, (index + 2) * 10],
    ...ones.slice(0, 9).map((one, more): [string, number] => [`${ten}-${one}`, (index + 2) * 10 + more + 1]),
  ]),
]);
const units = String.raw`(?:milliseconds?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|fortnights?|months?|years?|[smhdw])`;
const numberWord = new RegExp(
  String.raw`\b(${[...numbers.keys()].toSorted((a, b) => b.length - a.length).join('|')})[\s-]+(?=(?:(?:working|business|calendar|full)[\s-]+)*${units}\b)`,
  'gi',
);

const lengths = new RegExp(
  String.raw`(?<![\w.])(?:P(?=[\dT])(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?|\d[\d,.]*\s*${units}\b(?:[\s,]*(?:and\s+)?\d[\d,.]*\s*${units}\b)*|\d+h\d+)\b`,
  'gi',
);

const singleLength = new RegExp(String.raw`([\s,]*(?:and\s+)?)(\d[\d,.]*\s*${units})(?![a-z])`, 'gi');

/** Every length of time in a text, in milliseconds: "1 hour", "60 minutes", "two weeks", "PT1H" (ISO 8601). */
export function durationsIn(text: string): number[] {
  const digits = text
    .replaceAll(numberWord, (_, word: string) => `${numbers.get(word.toLowerCase())} `)
    .replaceAll(/\b(\d+(?:\.\d+)?)[\s-]+(?:working|business|calendar|full)[\s-]+(?=days?\b)/gi, '$1 ')
    .replaceAll(/\b(\d+)[\s-]+fortnights?\b/gi, (_, count: string) => `${Number(count) * 2} weeks`)
    .replaceAll(/\b(\d+)-(?=[a-z])/gi, '$1 ');
  return (digits.match(lengths) ?? []).flatMap((it) => {
    const iso = /^P(?<years>\d+Y)?(?<months>\d+M)?(?<weeks>\d+W)?(?<days>\d+D)?(?:T(.+))?$/i.exec(it);
    const { years = '', months = '', weeks = '', days = '' } = iso?.groups ?? {};
    const words = `${years} ${months.replace(/m/i, 'months')} ${weeks} ${days} ${iso?.[5] ?? ''}`;
    const wholes = iso === null ? wholesOf(it) : [words.toLowerCase()];
    return wholes.flatMap((whole) => {
      const ms = parseDuration(whole);
      return ms === null ? [] : [Math.round(ms)];
    });
  });
}

/** "1 hour 30 minutes" is one length of time, "2 weeks, 3 years" are two: within one, units get smaller on one line. */
function wholesOf(text: string): string[] {
  const wholes: string[] = [];
  let last = 0;
  for (const [part, gap = '', length = ''] of text.matchAll(singleLength)) {
    const unitMs = parseDuration(length.replace(/^\d[\d,.]*/, '1')) ?? 0;
    const goesOn = unitMs < last && !gap.includes('\n');
    if (goesOn) wholes.push(`${wholes.pop() ?? ''}${part}`);
    else wholes.push(length);
    last = unitMs;
  }
  return wholes.length === 0 || /^\d+h\d+$/i.test(text) ? [text] : wholes;
}

/** The length of time that a value is; a bare number counts in `unitMs`. Undefined when it is none, or several. */
export function durationOf(value: string, unitMs?: number): number | undefined {
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return unitMs === undefined ? undefined : Number(value) * unitMs;
  const [first, ...more] = durationsIn(value);
  return more.some((it) => it !== first) ? undefined : first;
}

/** A telephone number that can be called from everywhere (E.164), without blanks; undefined when the text has none. */
export function phoneOf(text: string): string | undefined {
  // YAML takes a number with a plus sign and no blanks for a number, and drops the sign.
  const whole = /^\d{10,15}$/.test(text.trim()) ? `+${text.trim()}` : text;
  const from = whole.search(/\+|(?<=tel:)\d/);
  const phone = from < 0 ? undefined : parsePhoneNumberFromString(whole.slice(from).replace(/^\+\s*/, '+'));
  if (phone?.isPossible() !== true) return undefined;
  return /^\+\d{7,15}$/.test(phone.number) ? phone.number : undefined;
}

/** The number of a version: 3 of "3", "v3.0", "Version 3"; undefined when there is none. */
export function versionOf(value: string): string | undefined {
  const named = /\b(?:version|revision|edition|issue|v|r)\.?\s*(\d+(?:\.\d+)*)\b/i.exec(value)?.[1];
  const version = named ?? /^\s*(\d+(?:\.\d+)*)\b/.exec(value)?.[1];
  return version?.replace(/(?:\.0+)+$/, '').replace(/^0+(?=\d)/, '');
}

/** Names and words as people mean them: in any case, with blanks, hyphens and underscores alike. */
export function plain(value: string): string {
  return value
    .trim()
    .replaceAll(/^["'`]|["'`.]$/g, '')
    .replaceAll(/[\s_-]+/g, '-')
    .toLowerCase();
}

/** What a value lists: `cust-a, cust-b and colo1` are three. */
export function itemsOf(value: string): string[] {
  return value.split(/\s*[,;\n]\s*(?:and\s+)?|\s+(?:and|&)\s+/).filter((it) => it !== '');
}
