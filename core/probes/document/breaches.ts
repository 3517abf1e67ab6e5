import type { Plan } from '../../model/plan.ts';
import { dateBreach, lengthOf, sinceBreach, unitsMs } from './dates.ts';
import { shorten } from './excerpt.ts';
import { ladderBreach } from './ladder.ts';
import { type Found, find, type Part } from './part.ts';
import type { Rule } from './rules.ts';
import { echoBreach } from './same.ts';
import { securityTxtBreaches } from './security-txt.ts';
import { denialOf, isSaid, sentencesOf } from './sentences.ts';
import { durationOf, durationsIn, itemsOf, phoneOf, plain, versionOf } from './values.ts';

export interface RuleContext {
  readonly plan: Plan;
  /** The day on which the exercise takes place. */
  readonly today: string;
  /** Where the document was asked for, and its media type as the server said. */
  readonly urls?: readonly string[];
  readonly type?: string;
}

/** Everything a rule is about. */
export function foundBy({ at }: Pick<Rule, 'at'>, parts: Part, body: string): Found[] {
  return [at].flat().flatMap((path) => (path === '' ? [{ path: 'the text', value: body }] : find(parts, path)));
}

/** Why a document breaks a rule, as far as the document alone tells; undefined when it does not. Pure. */
export function breachOf(rule: Rule, parts: Part, body: string, context: RuleContext): string | undefined {
  if (rule.ladder !== undefined) return ladderBreach(rule, rule.ladder, parts);
  const found = foundBy(rule, parts, body);
  for (const { path, value } of found) {
    const breach = value === undefined ? 'is not there, or empty' : breachIn(value, path, rule, parts, context);
    if (breach !== undefined) return `${path} ${breach}`;
  }
  if (rule.follows !== undefined) {
    const { urls = [], type = '', today } = context;
    const [first] = securityTxtBreaches(body, { urls, type, today });
    if (first !== undefined) return first;
  }
  return breachTogether(rule, found, parts, body, context);
}

/** What only all of them together can break. */
function breachTogether(
  { count, covers, distinct, echo, climbs }: Rule,
  found: readonly Found[],
  parts: Part,
  body: string,
  { plan }: RuleContext,
): string | undefined {
  const [first] = found;
  if (count !== undefined && found.length !== count)
    return `${first?.path ?? ''} stands there ${found.length} times, not ${count}`;
  const items = found.flatMap(({ value = '' }) => itemsOf(value).map(partyName));
  const missing = whomToCover(covers, plan).filter((name) => !items.includes(partyName(name)));
  if (missing.length > 0) return `nothing about ${missing.join(', ')}`;
  const values = found.map(({ value = '' }) => plain(value));
  const twice = distinct === true ? values.find((it, index) => values.indexOf(it) !== index) : undefined;
  if (twice !== undefined) return `${first?.path ?? ''} is "${shorten(twice)}" more than once`;
  const fallen = climbs === undefined ? undefined : climbBreach(climbs, found);
  if (fallen !== undefined) return fallen;
  return echo === undefined ? undefined : echoBreach(echo, first, parts, body);
}

/** 64500 and AS64500 are one network. */
function partyName(text: string): string {
  return plain(text).replace(/^as-?(?=\d+$)/, '');
}

function breachIn(value: string, path: string, rule: Rule, parts: Part, { today }: RuleContext): string | undefined {
  const { words, matches, lacks, says, oneOf, among, version, number, duration, phone, date, since } = rule;
  const whole = path === 'the text';
  const quoted = `is "${shorten(value)}"`;
  const blank = whole ? undefined : placeholderIn(value);
  if (blank !== undefined) return `still has "${blank}", which was to be filled in`;
  if (words !== undefined && wordsIn(value) < words) return `${quoted}, which is less than ${words} words`;
  if (matches !== undefined && !new RegExp(matches, 'im').test(value))
    return whole ? `has nothing like ${matches}` : `${quoted}, not like ${matches}`;
  const alien = lacks === undefined ? undefined : new RegExp(lacks, 'im').exec(value)?.[0];
  if (alien !== undefined) return `has "${shorten(alien)}"`;
  if (says !== undefined) {
    const denial = denialOf(value, says);
    if (denial !== undefined) return `denies it: "${shorten(denial)}"`;
    if (!isSaid(value, says)) return `${quoted}, which does not say it`;
  }
  if (oneOf !== undefined) {
    const alienItem = [value, ...itemsOf(value)].some((it) => oneOf.some((one) => partyName(one) === partyName(it)))
      ? itemsOf(value).find((it) => itemsOf(value).length > 1 && !oneOf.some((one) => partyName(one) === partyName(it)))
      : value;
    if (alienItem !== undefined) return `${quoted}, none of ${oneOf.join(', ')}`;
  }
  if (among !== undefined && !find(parts, among).some((it) => plain(it.value ?? '') === plain(value)))
    return `${quoted}, which is not among ${among}`;
  if (version !== undefined && versionOf(value) !== versionOf(version)) return `${quoted}, not version ${version}`;
  return (
    (number === undefined ? undefined : numberBreach(value, number)) ??
    (duration === undefined ? undefined : durationBreach(value, duration)) ??
    (phone === undefined ? undefined : phoneBreach(value, phone)) ??
    (date === undefined ? undefined : dateBreach(value, date, today)) ??
    (since === undefined ? undefined : sinceBreach(value, since, parts))
  );
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((it) => /[\p{L}\p{N}]/u.test(it)).length;
}

function numberBreach(value: string, { least, most }: NonNullable<Rule['number']>): string | undefined {
  const number = Number(
    /^\s*(-?\d+(?:\.\d+)?)\s*(?:%|(?:of|out of|\/)\s*100|points?)?\s*$/i.exec(value)?.[1] ?? Number.NaN,
  );
  if (Number.isNaN(number)) return `is "${shorten(value)}", which is no number`;
  return (least !== undefined && number < least) || (most !== undefined && number > most)
    ? `is ${number}; ${least ?? ''} to ${most ?? ''} are right`
    : undefined;
}

/** In each record, one wait is longer than the one before. */
function climbBreach({ of, unit }: NonNullable<Rule['climbs']>, found: readonly Found[]): string | undefined {
  const depth = of.split('.').length;
  const records = new Map<string, { path: string; ms: number | undefined }[]>();
  for (const { path, value = '' } of found) {
    const record = path.split('.').slice(0, depth).join('.');
    const ms = durationOf(value, unit === undefined ? undefined : unitsMs[unit]);
    records.set(record, [...(records.get(record) ?? []), { path, ms }]);
  }
  for (const waits of records.values())
    for (const [index, { path, ms }] of waits.entries()) {
      const before = waits[index - 1]?.ms ?? 0;
      if (ms === undefined || ms <= before) return `${path} is not longer than what comes before it`;
    }
  return undefined;
}

function durationBreach(
  value: string,
  { least, most, unit, where }: NonNullable<Rule['duration']>,
): string | undefined {
  if (where !== undefined) {
    const said = sentencesOf(value).filter((it) => new RegExp(where, 'i').test(it) && durationsIn(it).length > 0);
    if (said.length === 0) return `is "${shorten(value)}", which names no length of time`;
    return durationBreach(said.join(' '), { least, most });
  }
  const single = durationOf(value, unit === undefined ? undefined : unitsMs[unit]);
  const all = single === undefined ? durationsIn(value) : [single];
  if (all.length === 0) return `is "${shorten(value)}", which is no length of time`;
  if (all.some((it) => it <= 0)) return `is "${shorten(value)}", which is no time at all`;
  if (least !== undefined && all.some((it) => it < lengthOf(least)))
    return `is "${shorten(value)}", less than ${least}`;
  if (most !== undefined && all.some((it) => it > lengthOf(most))) return `is "${shorten(value)}", more than ${most}`;
  return undefined;
}

function phoneBreach(value: string, wanted: string | true): string | undefined {
  const phone = phoneOf(value);
  if (phone === undefined) return `is "${shorten(value)}", no number that can be called from everywhere`;
  return wanted !== true && phone !== phoneOf(wanted) ? `is "${shorten(value)}", another number` : undefined;
}

/** What a template has where something is to be written. */
export function placeholderIn(value: string): string | undefined {
  return /\b(?:TODO|TBD|TBC|FIXME|XXX+|changeme|lorem ipsum)\b|\bto be (?:defined|decided|announced|completed|filled in)\b|\byour (?:name|team|organi[sz]ation|company|address)\b|<(?!https?:|mailto:)[^<>@]+>|\[(?:insert|your|name|date|address|e-?mail)[^\]]*\]|_{4,}|\?{3,}/i.exec(
    value,
  )?.[0];
}

export function whomToCover(covers: Rule['covers'], plan: Plan): readonly string[] {
  if (covers === undefined) return [];
  if (covers === 'customers') return plan.customers.map((it) => it.name);
  if (covers !== 'neighbours') return covers;
  const ours = Object.values(plan.nodes).filter((it) => it.side === 'isp');
  return [...new Set(ours.flatMap((it) => it.bgp.filter((peer) => peer.as !== it.as).map((peer) => String(peer.as))))];
}

export function addressesIn(found: readonly Found[]): string[] {
  return [...new Set(found.flatMap(({ value = '' }) => value.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? []))];
}

export function linksIn(found: readonly Found[]): string[] {
  return [...new Set(found.flatMap(({ value = '' }) => value.match(/https?:\/\/[^\s"'<>)]+[^\s"'<>).,;]/g) ?? []))];
}
