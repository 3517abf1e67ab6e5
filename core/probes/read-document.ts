import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { curlCommand, fetchPage, type Page } from './document/fetch.ts';
import { type Format, find, type Found, parseDocument, type Part } from './document/parse.ts';
import { addressesIn, breachOf, foundBy, linksIn, type Place, repeatBreach, Rule, shorten } from './document/rules.ts';
import { fateOf, writeTo } from './mail/write-to.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  from: z.array(NodeName).min(1).describe('Who reads it; each does so over both address families'),
  url: z.url().describe('Where it is published'),
  type: z.string().optional().describe('The media type it has to have, such as text/plain'),
  format: z
    .enum(['fields', 'headings', 'yaml', 'certificate', 'text'])
    .describe(
      'fields: `Name: value` a line; headings: numbered sections as in RFC 2350; yaml: YAML or JSON, also above prose between two lines `---`; certificate: X.509, with fingerprint, expires and email; text: anything, as a whole',
    ),
  today: z.iso.date().describe('The day on which the exercise takes place: a verdict must not depend on the calendar'),
  expect: z.array(Rule).default([]).describe('What it has to say'),
  canary: z
    .url()
    .optional()
    .describe('For abuse checks: a page of the same server that is there in any case; its root when left out'),
});
type Params = z.infer<typeof Params>;

const families = ['v4', 'v6'] as const;

/** A document as a reader finds it: on the web, from outside and inside, over both families. */
export const readDocument = defineProbe({
  name: 'read-document',
  summary:
    'Reads a published document as customers and outsiders do, and looks whether it says what it has to: parts, dates, contacts that people read, links that answer, the same as other documents.',
  params: Params,
  nodes: ({ from, expect }) => [
    ...from,
    ...expect.flatMap(({ mail }) => [
      ...(mail?.from === undefined ? [] : [mail.from]),
      ...Object.keys(mail?.readers ?? {}),
    ]),
  ],
  observe,
});

/** What a reader finds, or why he does not. In an abuse check it is the second that is looked for. */
type Result = Pick<Attempt, 'label' | 'seen' | 'repeat'> &
  Partial<Pick<Attempt, 'role' | 'family'>> & {
    readonly from: string;
    readonly sent: boolean;
    readonly holds: boolean;
  };

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { from, url, canary = new URL('/', url).href } = params;
  const read = (at: string): Promise<Page[]> => readEverywhere(at, from, context);
  const [pages, others] = await Promise.all([read(url), context.kind !== 'service' ? read(canary) : []]);
  const texts = [...new Set(pages.filter((it) => it.status === 200).map((it) => it.body))];
  const answered = pages.some((it) => it.status > 0);
  const evidence: Evidence[] = [await pageEvidence(pages, context)];
  const results: Result[] = pages.map((page) => ({ ...readingOf(page, params), ...harmOf(page, context) }));
  if (texts.length > 0) results.push(samenessOf(texts, pages, context));
  // One rule after the other: letters carry the nonce of the check, and what is written is taken away again.
  for (const rule of params.expect) {
    const why = await whyBroken(rule, texts, params, context, evidence);
    results.push({
      label: rule.label,
      from: from[0] ?? '',
      sent: answered,
      holds: why === undefined,
      seen: why ?? toldBy(rule, texts[0] ?? '', params.format),
      repeat: curlCommand(pages[0] as Page),
    });
  }
  return {
    attempts: [
      ...results.map((it) => attemptOf(it, params, context)),
      ...others.map((page) => attemptOf({ ...readingOf(page, {}), role: 'canary' }, params, context)),
    ],
    evidence,
  };
}

function readEverywhere(url: string, from: readonly string[], { network, signal }: ProbeContext): Promise<Page[]> {
  return Promise.all(
    from.flatMap((node) => families.map((family) => fetchPage(network, { from: node, family, url }, signal))),
  );
}

function readingOf(page: Page, { type }: Pick<Params, 'type'>): Result {
  const typed = type === undefined || page.type.split(';')[0]?.trim() === type;
  return {
    label: `${page.from} reads ${page.url}`,
    family: page.family,
    from: page.from,
    sent: page.status > 0,
    holds: page.status === 200 && typed,
    seen:
      page.status === 0 ? page.trouble || 'no answer' : `${page.status} ${page.type}${typed ? '' : `, not ${type}`}`,
    repeat: curlCommand(page),
  };
}

/** What an abuse check looks for has the name of the harm. */
function harmOf({ from, url }: Page, { kind }: ProbeContext): Partial<Pick<Result, 'label'>> {
  return kind !== 'service' ? { label: `${from} does not get ${url}` } : {};
}

function samenessOf(texts: readonly string[], [first]: readonly Page[], { kind }: ProbeContext): Result {
  return {
    label: kind !== 'service' ? 'readers get texts that differ' : 'everybody reads the same',
    from: first?.from ?? '',
    sent: true,
    holds: texts.length === 1,
    seen: texts.length === 1 ? `one text, ${texts[0]?.length} characters` : `${texts.length} texts that differ`,
    repeat: curlCommand(first as Page),
  };
}

async function whyBroken(
  rule: Rule,
  texts: readonly string[],
  params: Params,
  context: ProbeContext,
  evidence: Evidence[],
): Promise<string | undefined> {
  if (texts.length === 0) return 'nobody can read the document';
  for (const text of texts) {
    const parts = await partsOf(text, params.format, params.from[0] ?? '', context);
    if (typeof parts === 'string') return parts;
    const why =
      breachOf(rule, parts, text, { plan: context.plan, today: params.today }) ??
      (await whyBrokenElsewhere(rule, foundBy(rule, parts, text), params, context, evidence));
    if (why !== undefined) return why;
  }
  return undefined;
}

/** What only others can tell: other documents, other servers, people's mailboxes. */
async function whyBrokenElsewhere(
  { repeats, links, mail }: Rule,
  found: readonly Found[],
  { from }: Params,
  context: ProbeContext,
  evidence: Evidence[],
): Promise<string | undefined> {
  if (repeats !== undefined) {
    const there = await readPlace(repeats, from[0] ?? '', context);
    const why = typeof there === 'string' ? there : repeatBreach(found, there);
    if (why !== undefined) return `${why}, as in ${repeats.url}`;
  }
  if (links === true) {
    const urls = linksIn(found);
    if (urls.length === 0) return 'there is no link';
    const pages = (await Promise.all(urls.map((url) => readEverywhere(url, from, context)))).flat();
    const dead = pages.find((it) => it.status !== 200);
    if (dead !== undefined)
      return `${dead.url} does not answer ${dead.from} (${dead.family}): ${readingOf(dead, {}).seen}`;
  }
  return mail === undefined
    ? undefined
    : whyUnread(addressesIn(found), mail.readers, mail.from ?? from[0] ?? '', context, evidence);
}

async function whyUnread(
  addresses: readonly string[],
  readers: Readonly<Record<string, readonly string[]>>,
  from: string,
  context: ProbeContext,
  evidence: Evidence[],
): Promise<string | undefined> {
  if (addresses.length === 0) return 'there is no mail address';
  const servers = await Promise.all(addresses.map((address) => mailServerOf(address, from, context)));
  const lost = addresses.find((_, index) => servers[index] === undefined);
  if (lost !== undefined) return `nobody takes mail for ${lost}: its domain has no mail server here`;
  const writings = addresses.map((recipient, index) => ({
    from,
    server: servers[index] ?? '',
    sender: '',
    recipient,
  }));
  const word = `m${evidence.length}`;
  const { written, evidence: more } = await writeTo(writings, readers, {
    ...context,
    nonce: `${context.nonce}${word}`,
    keep: (name, content) => context.keep(`${word}-${name}`, content),
  });
  evidence.push(...more);
  const unread = written.find((it) => it.readBy.length === 0);
  return unread && `${unread.writing.recipient} (${unread.dialogue.letter.family}): ${fateOf(unread)}`;
}

/** The node that takes mail for an address, as the DNS says; undefined when none of the plan does. */
async function mailServerOf(
  address: string,
  from: string,
  { network, plan, signal }: ProbeContext,
): Promise<string | undefined> {
  const domain = address.slice(address.indexOf('@') + 1);
  const { stdout, exitCode, stderr } = await network
    .node(from)
    .exec(['dig', '+short', '+time=2', '+tries=2', domain, 'MX'], { signal });
  if (exitCode !== 0) throw new LabError('command-failed', `dig on ${from}: ${stderr.trim() || stdout.trim()}`);
  const [best] = stdout
    .split('\n')
    .flatMap((line) => {
      const [, preference, name] = /^(\d+) (\S+)\.$/.exec(line) ?? [];
      return name === undefined ? [] : [{ preference: Number(preference), name: name.toLowerCase() }];
    })
    .toSorted((a, b) => a.preference - b.preference);
  return Object.keys(plan.nodes).find((node) => best !== undefined && plan.nodes[node]?.names.includes(best.name));
}

async function readPlace({ url, format, at }: Place, from: string, context: ProbeContext): Promise<Found[] | string> {
  const pages = await readEverywhere(url, [from], context);
  const page = pages.find((it) => it.status === 200);
  if (page === undefined) return `${url} does not answer`;
  const parts = await partsOf(page.body, format, from, context);
  return typeof parts === 'string' ? parts : find(parts, at);
}

/** The parts of a document, or why it has none. */
async function partsOf(
  text: string,
  format: Format,
  from: string,
  { network, signal }: ProbeContext,
): Promise<Exclude<Part, string> | string> {
  if (format !== 'certificate') return parsed(text, format);
  const told = ['openssl', 'x509', '-noout', '-sha256', '-fingerprint', '-enddate', '-email'];
  const { stdout, exitCode, stderr } = await network.node(from).exec(told, { input: text, signal });
  if (exitCode === 127) throw new LabError('command-failed', `openssl on ${from}: ${stderr.trim()}`);
  return exitCode === 0 ? parsed(stdout, format) : 'it is no certificate';
}

function parsed(text: string, format: Format): Exclude<Part, string> | string {
  try {
    const parts = parseDocument(text, format);
    return typeof parts === 'string' ? `it is not written as ${format}` : parts;
  } catch (error) {
    return `it is not written as ${format}: ${shorten(error instanceof Error ? error.message : String(error))}`;
  }
}

function toldBy(rule: Rule, text: string, format: Format): string {
  const said = format === 'certificate' ? [] : foundBy(rule, parsed(text, format) as Part, text);
  const [first] = said;
  return first === undefined
    ? 'as it has to be'
    : `${first.path}: ${shorten(first.value ?? '')}${said.length > 1 ? ` and ${said.length - 1} more` : ''}`;
}

function attemptOf(
  { label, role = 'try', family, from, sent, holds, seen, repeat }: Result,
  { url }: Params,
  { kind }: ProbeContext,
): Attempt {
  return {
    label,
    role,
    fault: kind !== 'service' && role === 'try',
    ...(family === undefined ? {} : { family }),
    from,
    to: url,
    sent: kind === 'service' || sent,
    succeeded: kind !== 'service' && role === 'try' ? !holds : holds,
    seen,
    repeat,
  };
}

async function pageEvidence(pages: readonly Page[], { keep }: ProbeContext): Promise<Evidence> {
  const [first] = pages;
  const heads = pages.map((it) => `# ${it.from} ${it.family} ${it.url}: ${it.status} ${it.type}${it.trouble}`);
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
