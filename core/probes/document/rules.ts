import { z } from 'zod';

import { NodeName } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import { type Found, find, type Part } from './parse.ts';

const Place = z.strictObject({
  url: z.url().describe('The other document'),
  format: z.enum(['fields', 'headings', 'yaml', 'certificate']).describe('How it is written'),
  at: z.string().describe('What of it'),
});
export type Place = z.infer<typeof Place>;

/** Something that a document has to say. What is asked beside `at` has to hold for everything found there. */
export const Rule = z.strictObject({
  label: z.string().describe('What happens to a reader when it does not hold, in words a trainee understands'),
  at: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe(
      'Where it stands: names and numbers with dots between, * for each that is there; empty for the whole text. It has to be there, and be filled in',
    ),
  count: z.number().int().min(1).optional().describe('How many there are, exactly'),
  words: z.number().int().min(1).optional().describe('The least number of words'),
  matches: z.string().optional().describe('A regular expression, in any case, which each has to match'),
  lacks: z.string().optional().describe('A regular expression, in any case, which none may match'),
  oneOf: z.array(z.string()).min(1).optional().describe('What each may be'),
  covers: z
    .union([z.enum(['customers', 'neighbours']), z.array(z.string()).min(1)])
    .optional()
    .describe(
      'Whom the document must not leave out: customers of the plan by name, networks beyond the border by AS number, or a list',
    ),
  date: z
    .strictObject({
      earliest: z.number().optional().describe('In days from `today`, negative for before'),
      latest: z.number().optional().describe('In days from `today`'),
    })
    .optional()
    .describe('When each has to be: a date, or a time with its zone (RFC 3339)'),
  since: z
    .strictObject({
      at: z.string().describe('Another time in the document'),
      minutes: z.number().min(0).describe('How much later it may be, at most'),
    })
    .optional()
    .describe('Each is a time with its zone that comes after another, and soon'),
  repeats: Place.optional().describe(
    'What stands in another document has to stand here too; blanks, colons and case do not count',
  ),
  links: z.literal(true).optional().describe('Every URL in it answers, over both families, to each reader'),
  mail: z
    .strictObject({
      from: NodeName.optional().describe('Who writes; the first reader of the document when left out'),
      readers: z
        .record(NodeName, z.array(z.string()).min(1))
        .describe('Node → mailboxes of people, in one of which it has to end'),
    })
    .optional()
    .describe('Every address in it takes mail, over both families, and people get it'),
});
export type Rule = z.infer<typeof Rule>;

export interface RuleContext {
  readonly plan: Plan;
  /** The day on which the exercise takes place. */
  readonly today: string;
}

/** Everything a rule is about. */
export function foundBy({ at }: Rule, parts: Part, body: string): Found[] {
  return [at].flat().flatMap((path) => (path === '' ? [{ path: 'the text', value: body }] : find(parts, path)));
}

/** Why a document breaks a rule, as far as the document alone tells; undefined when it does not. Pure. */
export function breachOf(rule: Rule, parts: Part, body: string, context: RuleContext): string | undefined {
  const found = foundBy(rule, parts, body);
  for (const { path, value } of found) {
    const breach = value === undefined ? 'is not there, or empty' : breachIn(value, path, rule, parts, context);
    if (breach !== undefined) return `${path} ${breach}`;
  }
  const { count, covers } = rule;
  if (count !== undefined && found.length !== count)
    return `${found[0]?.path ?? ''} stands there ${found.length} times, not ${count}`;
  const values = found.map((it) => it.value);
  const missing = whomToCover(covers, context.plan).filter((name) => !values.includes(name));
  return missing.length === 0 ? undefined : `nothing about ${missing.join(', ')}`;
}

function breachIn(
  value: string,
  path: string,
  { words, matches, lacks, oneOf, date, since }: Rule,
  parts: Part,
  { today }: RuleContext,
): string | undefined {
  const quoted = `is "${shorten(value)}"`;
  const blank = path === 'the text' ? undefined : placeholderIn(value);
  if (blank !== undefined) return `still has "${blank}", which was to be filled in`;
  if (words !== undefined && value.split(/\s+/).length < words) return `${quoted}, which is less than ${words} words`;
  if (matches !== undefined && !new RegExp(matches, 'im').test(value))
    return path === 'the text' ? `has nothing like ${matches}` : `${quoted}, not like ${matches}`;
  const alien = lacks === undefined ? undefined : new RegExp(lacks, 'im').exec(value)?.[0];
  if (alien !== undefined) return `has "${shorten(alien)}"`;
  if (oneOf !== undefined && !oneOf.includes(value)) return `${quoted}, none of ${oneOf.join(', ')}`;
  if (date !== undefined) return dateBreach(value, date, today);
  if (since !== undefined) return orderBreach(value, since, parts);
  return undefined;
}

const dayMs = 86_400_000;

function dateBreach(value: string, { earliest, latest }: NonNullable<Rule['date']>, today: string): string | undefined {
  const at = timeOf(value, /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/);
  if (at === undefined) return `is "${shorten(value)}", neither a date nor a time with its zone`;
  const days = Math.round((at - Date.parse(today)) / dayMs);
  const distance = `is ${value}, ${Math.abs(days)} days ${days < 0 ? 'before' : 'after'} ${today}`;
  if (earliest !== undefined && days < earliest) return distance;
  if (latest !== undefined && days > latest) return distance;
  return undefined;
}

function orderBreach(value: string, { at, minutes }: NonNullable<Rule['since']>, parts: Part): string | undefined {
  const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
  const before = timeOf(find(parts, at)[0]?.value ?? '', stamp);
  const after = timeOf(value, stamp);
  if (after === undefined) return `is "${shorten(value)}", not a time with its zone`;
  if (before === undefined) return `follows ${at}, which is not a time with its zone`;
  const later = Math.round((after - before) / 60_000);
  return later < 0 || later > minutes ? `is ${later} minutes after ${at}; 0 to ${minutes} are right` : undefined;
}

function timeOf(value: string, form: RegExp): number | undefined {
  const at = form.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** What a template has where something is to be written. */
export function placeholderIn(value: string): string | undefined {
  return /\b(?:TODO|TBD|TBC|FIXME|XXX+|changeme|lorem ipsum)\b|\bto be (?:defined|decided|announced|completed|filled in)\b|\byour (?:name|team|organi[sz]ation|company|address)\b|<(?!https?:)[^<>@]+>|\[(?:insert|your|name|date|address|e-?mail)[^\]]*\]|_{4,}|\?{3,}/i.exec(
    value,
  )?.[0];
}

function whomToCover(covers: Rule['covers'], plan: Plan): readonly string[] {
  if (covers === undefined) return [];
  if (covers === 'customers') return plan.customers.map((it) => it.name);
  if (covers !== 'neighbours') return covers;
  const ours = Object.values(plan.nodes).filter((it) => it.side === 'isp');
  return [...new Set(ours.flatMap((it) => it.bgp.filter((peer) => peer.as !== it.as).map((peer) => String(peer.as))))];
}

/** Whether what stands there stands here too. */
export function repeatBreach(here: readonly Found[], there: readonly Found[]): string | undefined {
  const bare = (text = ''): string => text.replaceAll(/[\s:]/g, '').toLowerCase();
  const lost = there.find(
    ({ value }) => value === undefined || !here.some((it) => bare(it.value).includes(bare(value))),
  );
  if (lost === undefined) return undefined;
  return lost.value === undefined ? `${lost.path} is not there` : `does not say "${shorten(lost.value)}"`;
}

export function addressesIn(found: readonly Found[]): string[] {
  return [...new Set(found.flatMap(({ value = '' }) => value.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? []))];
}

export function linksIn(found: readonly Found[]): string[] {
  return [...new Set(found.flatMap(({ value = '' }) => value.match(/https?:\/\/[^\s"'<>)]+[^\s"'<>).,;]/g) ?? []))];
}

export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
