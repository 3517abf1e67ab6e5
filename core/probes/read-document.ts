import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { breachOf, foundBy } from './document/breaches.ts';
import { shorten } from './document/excerpt.ts';
import { type Trouble, gotWords, parsed, partsOf, readEverywhere, troubleElsewhere } from './document/elsewhere.ts';
import { curlCommand, type Page } from './document/fetch.ts';
import { readableText } from './document/markup.ts';
import { addressesTold, mailTrouble, nodesOfReaders } from './document/people.ts';
import { Rule } from './document/rules.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  from: z.array(NodeName).min(1).describe('Who reads it; each does so over both address families'),
  url: z.url().describe('Where it is published'),
  own: z
    .boolean()
    .default(false)
    .describe(
      'Each reader gets a document of their own there, such as a contract; what is asked holds for all of them',
    ),
  type: z.string().optional().describe('The media type it has to have, such as text/plain'),
  format: z
    .enum(['facts', 'security-txt', 'headings', 'certificate', 'text'])
    .describe(
      'facts: what it says by name, as JSON or YAML (also above prose between two lines `---`), CSAF, HTML or Markdown with headings, tables and lists, CSV, or `Name: value` a line; security-txt: RFC 9116; headings: numbered sections as in RFC 2350; certificate: X.509, with fingerprint, expires and email; text: anything, as a reader sees it',
    ),
  today: z.iso.date().describe('The day on which the exercise takes place: a verdict must not depend on the calendar'),
  expect: z.array(Rule).default([]).describe('What it has to say'),
  canary: z
    .url()
    .optional()
    .describe('For inspections: a page of the same server that is there in any case; its root when left out'),
});
type Params = z.infer<typeof Params>;

/** A document as a reader finds it: on the web, from outside and inside, over both families. */
export const readDocument = defineProbe({
  name: 'read-document',
  summary:
    'Reads a published document as customers and outsiders do, and looks whether it says what it has to: parts, dates, contacts that people read, links that answer, the same as other documents.',
  params: Params,
  nodes: ({ from, expect }, plan) => [
    ...from,
    ...expect.flatMap(({ mail, repeats }) => [
      ...(mail?.from === undefined ? [] : [mail.from]),
      ...(mail === undefined ? [] : nodesOfReaders(mail, plan)),
      ...(repeats?.node === undefined ? [] : [repeats.node]),
    ]),
  ],
  observe,
});

/** What a reader finds: whether it is as it has to be, and whether that is known at all. */
interface Result extends Pick<Attempt, 'label' | 'seen' | 'repeat' | 'family' | 'from'> {
  readonly role?: Attempt['role'];
  /** It was read whole, so that what it does not say is not there. */
  readonly read: boolean;
  readonly holds: boolean;
}

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { from, url, canary = new URL('/', url).href } = params;
  const inspected = context.kind !== 'service';
  const [pages, others] = await Promise.all([
    readEverywhere(url, from, context),
    inspected ? readEverywhere(canary, from, context) : [],
  ]);
  const evidence: Evidence[] = [await pageEvidence(pages, context)];
  const results: Result[] = pages.map((page) => ({ ...readingOf(page, params), ...nameOf(page, inspected) }));
  const texts = textsOf(pages);
  const circles = params.own ? from.map((node) => pages.filter((it) => it.from === node)) : [pages];
  results.push(...circles.filter((it) => textsOf(it).length > 0).map((it) => samenessOf(it, inspected)));
  // One rule after the other: letters carry the nonce of the check, and what is written is taken away again.
  for (const rule of params.expect) {
    const trouble = await troubleWith(rule, texts, pages, params, context, evidence);
    results.push({
      label: rule.label,
      from: from[0] ?? '',
      read: trouble === undefined || 'broken' in trouble,
      holds: trouble === undefined,
      seen: trouble === undefined ? toldBy(rule, texts[0], params) : Object.values(trouble).join(''),
      repeat: curlCommand(pages[0] as Page),
    });
  }
  return {
    attempts: [
      ...results.map((it) => attemptOf(it, params, inspected)),
      ...others.map((page) => attemptOf({ ...readingOf(page, {}), role: 'canary' }, params, inspected)),
    ],
    evidence,
  };
}

function readingOf(page: Page, { type }: Pick<Params, 'type'>): Result {
  const typed = type === undefined || page.type.split(';')[0]?.trim() === type;
  return {
    label: `${page.from} reads ${page.url}`,
    family: page.family,
    from: page.from,
    read: page.outcome !== 'lost',
    holds: page.status === 200 && typed,
    seen: `${gotWords(page)}${typed || page.status === 0 ? '' : `, not ${type}`}`,
    repeat: curlCommand(page),
  };
}

/** What an inspection looks for has the name of the fault. */
function nameOf({ from, url }: Page, inspected: boolean): Partial<Pick<Result, 'label'>> {
  return inspected ? { label: `${from} does not get ${url}` } : {};
}

/** What was read, each text once. */
function textsOf(pages: readonly Page[]): Page[] {
  return [...new Map(pages.filter((it) => it.status === 200).map((it) => [it.body, it])).values()];
}

function samenessOf(pages: readonly Page[], inspected: boolean): Result {
  const texts = textsOf(pages);
  const [first] = pages;
  return {
    label: inspected ? 'readers get texts that differ' : 'everybody reads the same',
    from: first?.from ?? '',
    read: true,
    holds: texts.length === 1,
    seen: texts.length === 1 ? `one text, ${texts[0]?.body.length} characters` : `${texts.length} texts that differ`,
    repeat: curlCommand(first as Page),
  };
}

/** Why a rule does not hold for a text that somebody got; every one has to hold. */
async function troubleWith(
  rule: Rule,
  texts: readonly Page[],
  pages: readonly Page[],
  params: Params,
  context: ProbeContext,
  evidence: Evidence[],
): Promise<Trouble | undefined> {
  const { from, format, today, own } = params;
  const { plan } = context;
  if (texts.length === 0)
    return pages.some((it) => it.outcome === 'lost')
      ? { undecided: 'nobody knows what it says: it was not read' }
      : { broken: 'nobody can read the document' };
  for (const page of texts) {
    const parts = await partsOf(page.body, format, from[0] ?? '', context);
    const whose = own ? `what ${page.from} gets: ` : '';
    if (typeof parts === 'string') return { broken: `${whose}${parts}` };
    const body = textAsRead(page, format);
    const breach = breachOf(rule, parts, body, { plan, today, urls: [page.url, page.readAt], type: page.type });
    if (breach !== undefined) return { broken: `${whose}${breach}` };
    const found = foundBy(rule, parts, body);
    const trouble = await troubleElsewhere(rule, found, from, page, context);
    if (trouble !== undefined) return trouble;
    if (rule.mail === undefined) continue;
    const told = addressesTold(rule.mail, found, parts, plan);
    const unread = await mailTrouble(rule.mail, told, rule.mail.from ?? from[0] ?? '', context, evidence);
    if (unread !== undefined) return unread;
  }
  return undefined;
}

/** What a person sees: of a page of HTML its text, with the addresses behind its links. */
function textAsRead({ body, type, readAt }: Page, format: Params['format']): string {
  return format === 'text' && (type.startsWith('text/html') || /^\s*<!doctype html/i.test(body))
    ? readableText(body, readAt)
    : body;
}

function toldBy(rule: Rule, page: Page | undefined, { format }: Params): string {
  if (page === undefined || format === 'certificate' || rule.ladder !== undefined || rule.follows !== undefined)
    return 'as it has to be';
  const body = textAsRead(page, format);
  const parts = parsed(page.body, format);
  const said = typeof parts === 'string' ? [] : foundBy(rule, parts, body);
  const [first] = said;
  return first === undefined
    ? 'as it has to be'
    : `${first.path}: ${shorten(first.value ?? '')}${said.length > 1 ? ` and ${said.length - 1} more` : ''}`;
}

function attemptOf(
  { label, role = 'try', family, from, read, holds, seen, repeat }: Result,
  { url }: Pick<Params, 'url'>,
  inspected: boolean,
): Attempt {
  const fault = inspected && role === 'try';
  return {
    label,
    role,
    ...(family === undefined ? {} : { family }),
    from,
    to: url,
    sent: !inspected || read,
    succeeded: fault ? read && !holds : holds,
    seen,
    repeat,
  };
}

async function pageEvidence(pages: readonly Page[], { keep }: ProbeContext): Promise<Evidence> {
  const [first] = pages;
  const heads = pages.map((it) => `# ${it.from} ${it.family} ${it.url}: ${gotWords(it)}`);
  const bodies = [...new Set(pages.map((it) => it.body))];
  const text = [...heads, ...bodies.flatMap((it) => ['', it])].join('\n');
  const lines = text.split('\n');
  return {
    kind: 'transcript',
    title: 'The document as it was read',
    file: await keep('document.txt', `${text}\n`),
    command: first === undefined ? '' : curlCommand(first),
    excerpt: lines.length > 60 ? [...lines.slice(0, 60), `… ${lines.length - 60} more lines`].join('\n') : text,
  };
}
