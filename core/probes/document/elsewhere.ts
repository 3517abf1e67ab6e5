import { LabError } from '../../model/errors.ts';
import type { ProbeContext } from '../probe.ts';
import { linksIn } from './breaches.ts';
import { shorten } from './excerpt.ts';
import { fetchPage, type Page } from './fetch.ts';
import { htmlTree, linksOf } from './markup.ts';
import { type Format, parseDocument } from './parse.ts';
import { type Found, find, type Part } from './part.ts';
import type { Place, Rule } from './rules.ts';
import { repeatBreach } from './same.ts';

/** Why a rule is broken, or, where nobody could look, why that is not known. */
export type Trouble = { readonly broken: string } | { readonly undecided: string };

export const families = ['v4', 'v6'] as const;

export function readEverywhere(
  url: string,
  from: readonly string[],
  { network, signal }: ProbeContext,
): Promise<Page[]> {
  return Promise.all(
    from.flatMap((node) => families.map((family) => fetchPage(network, { from: node, family, url }, signal))),
  );
}

/** What a reader got, in a few words. */
export function gotWords({ status, type, trouble }: Page): string {
  return status === 0 ? trouble || 'no answer' : `${status} ${type}`;
}

/** What only other documents can tell, as each reader gets them. */
export async function troubleElsewhere(
  { repeats, links, leadsTo }: Rule,
  found: readonly Found[],
  readers: readonly string[],
  page: Page,
  context: ProbeContext,
): Promise<Trouble | undefined> {
  return (
    (repeats === undefined ? undefined : await repeatTrouble(repeats, found, readers[0] ?? '', context)) ??
    (links === undefined ? undefined : await linkTrouble(found, readers, context)) ??
    (leadsTo === undefined ? undefined : await leadTrouble(leadsTo, found, page, readers, context))
  );
}

async function repeatTrouble(
  place: Place,
  found: readonly Found[],
  reader: string,
  context: ProbeContext,
): Promise<Trouble | undefined> {
  const there = await readPlace(place, reader, context);
  if (!Array.isArray(there)) return there as Trouble;
  const why = repeatBreach(found, there as Found[], place);
  return why === undefined ? undefined : { broken: `${why}, as in ${place.url ?? `${place.node}:${place.file}`}` };
}

async function linkTrouble(
  found: readonly Found[],
  readers: readonly string[],
  context: ProbeContext,
): Promise<Trouble | undefined> {
  const urls = linksIn(found);
  if (urls.length === 0) return { broken: 'there is no link' };
  const pages = (await Promise.all(urls.map((url) => readEverywhere(url, readers, context)))).flat();
  const dead = pages.find((it) => it.outcome !== 'lost' && it.status !== 200);
  if (dead !== undefined)
    return { broken: `${dead.url} does not answer ${dead.from} (${dead.family}): ${gotWords(dead)}` };
  return lostAmong(pages);
}

function lostAmong(pages: readonly Page[]): Trouble | undefined {
  const lost = pages.find((it) => it.outcome === 'lost');
  return (
    lost && { undecided: `nobody knows whether ${lost.url} answers ${lost.from} (${lost.family}): ${gotWords(lost)}` }
  );
}

/** A link leads to a page when it names it, in whatever form, or when the same text is found behind it. */
async function leadTrouble(
  target: string,
  found: readonly Found[],
  page: Page,
  readers: readonly string[],
  context: ProbeContext,
): Promise<Trouble | undefined> {
  const wanted = new URL(target).href;
  const isPage = page.type.startsWith('text/html');
  const words = found.flatMap((it) => it.value ?? []).filter((it) => !/\s/.test(it));
  const hrefs = isPage
    ? linksOf(htmlTree(page.body)).map((it) => it.href)
    : [...linksIn(found), ...words.map((it) => it.replace(/^<(.*)>$/, '$1'))];
  const links = [...new Set(hrefs.flatMap((href) => resolved(href, page.readAt) ?? []))];
  if (links.includes(wanted)) return undefined;
  const [reader = ''] = readers;
  const near = links.filter((it) => new URL(it).host === new URL(target).host);
  const [there, ...others] = await Promise.all(
    [wanted, ...near].map((url) => fetchPage(context.network, { from: reader, family: 'v4', url }, context.signal)),
  );
  if (there?.status === 200 && others.some((it) => it.status === 200 && it.body === there.body)) return undefined;
  return (
    lostAmong(others) ?? {
      broken: `none of ${links.length} links leads to ${target}${links.length === 0 ? '' : `, such as ${links[0]}`}`,
    }
  );
}

/** Where a link of a page leads on the web, without the place inside the page; undefined when it leads elsewhere. */
export function resolved(href: string, base: string): string | undefined {
  if (!URL.canParse(href, base)) return undefined;
  const url = new URL(href, base);
  url.hash = '';
  return /^https?:$/.test(url.protocol) ? url.href : undefined;
}

/** What stands in another document, or why nobody can tell. */
async function readPlace(place: Place, reader: string, context: ProbeContext): Promise<Found[] | Trouble> {
  const { url, node = '', file = '', format, at } = place;
  const text = url === undefined ? await fileOn(node, file, context) : await pageAt(url, reader, context);
  if (typeof text !== 'string') return text;
  const parts = await partsOf(text, format, reader, context);
  return typeof parts === 'string' ? { broken: `${url ?? file}: ${parts}` } : find(parts, at);
}

async function pageAt(url: string, reader: string, context: ProbeContext): Promise<string | Trouble> {
  const pages = await readEverywhere(url, [reader], context);
  const page = pages.find((it) => it.status === 200);
  return page?.body ?? lostAmong(pages) ?? { broken: `${url} does not answer` };
}

async function fileOn(node: string, file: string, { network, signal }: ProbeContext): Promise<string | Trouble> {
  const { stdout, exitCode, stderr } = await network.node(node).exec(['cat', '--', file], { signal });
  return exitCode === 0 ? stdout : { broken: `${node}:${file}: ${stderr.trim()}` };
}

/** The parts of a document, or why it has none. */
export async function partsOf(
  text: string,
  format: Format,
  reader: string,
  { network, signal }: Pick<ProbeContext, 'network' | 'signal'>,
): Promise<Exclude<Part, string> | string> {
  if (format !== 'certificate') return parsed(text, format);
  const told = ['openssl', 'x509', '-noout', '-sha256', '-fingerprint', '-enddate', '-email'];
  const { stdout, exitCode, stderr } = await network.node(reader).exec(told, { input: text, signal });
  if (exitCode === 127) throw new LabError('command-failed', `openssl on ${reader}: ${stderr.trim()}`);
  return exitCode === 0 ? parsed(stdout, format) : 'it is no certificate';
}

export function parsed(text: string, format: Format): Exclude<Part, string> | string {
  try {
    const parts = parseDocument(text, format);
    return typeof parts === 'string' ? `it does not say anything by its name` : parts;
  } catch (error) {
    return `it cannot be read: ${shorten(error instanceof Error ? error.message : String(error))}`;
  }
}
