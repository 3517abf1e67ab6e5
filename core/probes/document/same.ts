import { differenceMs, lengthOf, unitsMs } from './dates.ts';
import { shorten } from './excerpt.ts';
import { type Found, find, type Part } from './part.ts';
import type { Place, Rule } from './rules.ts';
import { durationOf, durationsIn, momentOf, phoneOf, plain, versionOf } from './values.ts';

/** What it says of the same fact elsewhere; compared as dates, or as versions, or as text. */
export function echoBreach(
  { in: elsewhere, pattern }: NonNullable<Rule['echo']>,
  here: Found | undefined,
  parts: Part,
  body: string,
): string | undefined {
  const places = elsewhere === '' ? [{ path: 'the text', value: body }] : find(parts, elsewhere);
  for (const { path, value = '' } of places) {
    const other = [...value.matchAll(new RegExp(pattern, 'gim'))].find(
      (it) => !isSameFact(it[1] ?? '', here?.value ?? ''),
    );
    if (other !== undefined)
      return `${path} says "${shorten(other[0])}", and ${here?.path ?? ''} "${shorten(here?.value ?? '')}"`;
  }
  return undefined;
}

function isSameFact(one: string, other: string): boolean {
  const [first, second] = [momentOf(one), momentOf(other)];
  if (typeof first !== 'string' && typeof second !== 'string') return differenceMs(first, second) === 0;
  const versions = [versionOf(one), versionOf(other)];
  return plain(one) === plain(other) || (versions[0] !== undefined && versions[0] === versions[1]);
}

/** Whether what stands there stands here too, compared as what it is. */
export function repeatBreach(
  here: readonly Found[],
  there: readonly Found[],
  { as = 'text', most }: Partial<Pick<Place, 'as' | 'most'>> = {},
): string | undefined {
  if (as === 'longest') return longestBreach(here, there, most === undefined ? Number.NaN : lengthOf(most));
  const lost = there.find(({ value }) => value === undefined || !here.some((it) => repeats(it.value ?? '', value, as)));
  if (lost === undefined) return undefined;
  return lost.value === undefined ? `${lost.path} is not there` : `does not say "${shorten(lost.value)}"`;
}

/**
 * What is kept longest there is accounted for here. Who is told a longer time is not deceived, as long as nobody
 * may keep it even longer; beyond that the time belongs to something else, such as contracts.
 */
function longestBreach(here: readonly Found[], there: readonly Found[], mostMs: number): string | undefined {
  const lengths = there.flatMap(({ value = '' }) => durationOf(value, unitsMs.days) ?? []);
  const longest = Math.max(...lengths);
  if (lengths.length === 0) return `${there[0]?.path ?? ''} names no length of time`;
  const told = here.flatMap(({ value = '' }) => durationsIn(value));
  return told.some((it) => it >= longest && it <= mostMs)
    ? undefined
    : `does not name the ${longest / unitsMs.days} days`;
}

function repeats(here: string, there: string, as: Exclude<Place['as'], 'longest'>): boolean {
  const bare = (text: string): string => text.replaceAll(/[\s:]/g, '').toLowerCase();
  switch (as) {
    case 'version':
      return versionOf(here) === versionOf(there);
    case 'phone':
      return phoneOf(here) === phoneOf(there);
    case 'date':
      return isSameFact(here, there);
    case 'text':
      return bare(here).includes(bare(there));
  }
}
