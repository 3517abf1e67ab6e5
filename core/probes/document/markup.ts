import type { Element, ElementContent, Root, RootContent } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import { toText } from 'hast-util-to-text';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { toHast } from 'mdast-util-to-hast';
import { gfm } from 'micromark-extension-gfm';
import { parse as parseYaml } from 'yaml';

import { isNamed, type Named, nameOf, own, type Part, tell } from './part.ts';

export interface Link {
  /** As it is written, which may be relative. */
  readonly href: string;
  readonly text: string;
}

/** A page of HTML without what nobody sees: comments, scripts, what is hidden. */
export function htmlTree(text: string): Root {
  const tree = fromHtml(text);
  return { ...tree, children: tree.children.flatMap(seen) };
}

export function markdownTree(text: string): Root {
  const tree = toHast(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }));
  return tree.type === 'root' ? tree : { type: 'root', children: [tree as RootContent] };
}

function seen<Content extends RootContent>(node: Content): Content[] {
  if (node.type === 'comment') return [];
  if (node.type !== 'element') return [node];
  const { hidden, style = '' } = node.properties;
  const concealed = /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0/i.test(String(style));
  if (hidden === true || concealed || ['script', 'style', 'template'].includes(node.tagName)) return [];
  return [{ ...node, children: node.children.flatMap(seen) }];
}

/** What a reader sees of a page. */
export function visibleText(tree: Root): string {
  return toText(tree);
}

/** What a reader sees of a page, with what is behind its links: `the abuse desk <mailto:abuse@isp.example>`. */
export function readableText(text: string, base: string): string {
  return visibleText(withAddresses(htmlTree(text), base));
}

/** Says behind each link where it leads, where its words do not say so. */
function withAddresses(tree: Root, base?: string): Root {
  for (const link of elementsIn(tree, ['a', 'area'])) {
    const href = String(link.properties['href'] ?? '').trim();
    if (href === '' || href.startsWith('#') || !URL.canParse(href, base)) continue;
    const url = unescaped(new URL(href, base).href);
    if (!toText(link).includes(url.replace(/^mailto:/, ''))) link.children.push({ type: 'text', value: ` <${url}>` });
  }
  return tree;
}

/** A mailbox in a link may be written with %40. */
function unescaped(url: string): string {
  try {
    return url.startsWith('mailto:') ? decodeURIComponent(url) : url;
  } catch {
    return url;
  }
}

/** Every link that a reader can follow. */
export function linksOf(tree: Root): Link[] {
  return elementsIn(tree, ['a', 'area'])
    .map((it) => ({ href: String(it.properties['href'] ?? '').trim(), text: labelOf(it) }))
    .filter((it) => it.href !== '' && it.text !== '');
}

function labelOf(link: Element): string {
  const pictures = elementsIn(link, ['img']).map((it) => String(it.properties['alt'] ?? ''));
  return [toText(link).trim(), ...pictures, String(link.properties['ariaLabel'] ?? '')].join(' ').trim();
}

function elementsIn(node: Root | Element, names: readonly string[]): Element[] {
  return (node.children as ElementContent[]).flatMap((it) => {
    if (it.type !== 'element') return [];
    return [...(names.includes(it.tagName) ? [it] : []), ...elementsIn(it, names)];
  });
}

/** What a page says under headings, in tables and in lists of names with what belongs to them. */
export function factsOf(page: Root): Part {
  const tree = withAddresses(page);
  const root: Named = {};
  const prose: string[] = [];
  const headings = elementsIn(tree, ['h1']);
  const open: { depth: number; parts: Named; name: string }[] = [{ depth: 0, parts: root, name: '' }];
  for (const block of blocksOf(tree)) {
    const at = open.at(-1) as (typeof open)[number];
    const depth = Number(/^h([1-6])$/.exec(block.tagName)?.[1] ?? 0);
    if (depth === 0) {
      readBlock(block, at.parts, at.name, prose);
      continue;
    }
    const name = nameOf(toText(block));
    if (depth === 1 && headings.length === 1) {
      tell(root, 'title', toText(block).trim());
      continue;
    }
    while ((open.at(-1)?.depth ?? 0) >= depth) open.pop();
    const parts: Named = { [own]: '' };
    const parent = open.at(-1)?.parts ?? root;
    const known = parent[name];
    if (isNamed(known)) open.push({ depth, parts: known as Named, name });
    else {
      parent[name] = known === undefined ? parts : { ...parts, [own]: known };
      open.push({ depth, parts: parent[name] as Named, name });
    }
  }
  if (prose.length > 0) root['prose'] = prose.join('\n\n');
  return root;
}

const wrappers = [
  'html',
  'body',
  'main',
  'article',
  'section',
  'div',
  'header',
  'footer',
  'center',
  'form',
  'nav',
  'details',
];

function blocksOf(node: Root | Element): Element[] {
  return (node.children as ElementContent[]).flatMap((it) => {
    if (it.type === 'text' && it.value.trim() !== '')
      return [{ type: 'element', tagName: 'p', properties: {}, children: [it] } satisfies Element];
    if (it.type !== 'element' || it.tagName === 'head') return [];
    return wrappers.includes(it.tagName) ? blocksOf(it) : [it];
  });
}

function readBlock(block: Element, parts: Named, section: string, prose: string[]): void {
  if (block.tagName === 'table') readTable(block, parts, section);
  else if (block.tagName === 'ul' || block.tagName === 'ol') readList(block, parts);
  else if (block.tagName === 'dl') readDefinitions(block, parts);
  else {
    const data = block.tagName === 'pre' ? dataIn(block) : undefined;
    if (isNamed(data)) for (const [name, value] of Object.entries(data)) tell(parts, name, value);
    else readText(block, parts, prose);
  }
}

/** A block of code in YAML or JSON, as Markdown can say. */
function dataIn(block: Element): Part {
  const [code] = elementsIn(block, ['code']);
  const languages = [code?.properties['className'] ?? []].flat().map(String);
  return languages.some((it) => /^language-(?:ya?ml|json)$/.test(it))
    ? (parseYaml(toText(block), { schema: 'failsafe', merge: true }) as Part)
    : undefined;
}

function readText(block: Element, parts: Named, prose: string[]): void {
  const lines = toText(block).split('\n');
  const facts = lines.map((line) => factIn(line));
  if (facts.every((it) => it !== undefined)) for (const [name, value] of facts) tell(parts, name, value);
  else {
    const text = toText(block).trim();
    if (text === '') return;
    prose.push(text);
    parts[own] = [parts[own] ?? '', text].filter((it) => it !== '').join('\n');
  }
}

/** `Contact: abuse@…`, a name of at most four words before a colon. */
function factIn(line: string): [string, string] | undefined {
  const [, name, value] = /^\s*([A-Za-z][\w-]*(?: [\w-]+){0,3})\s*:\s+(\S.*)$/.exec(line) ?? [];
  return name === undefined || value === undefined ? undefined : [nameOf(name), value.trim()];
}

function readList(list: Element, parts: Named): void {
  for (const item of list.children) {
    if (item.type !== 'element') continue;
    const nested = item.children.filter(
      (it): it is Element => it.type === 'element' && /^(?:ul|ol|dl|table)$/.test(it.tagName),
    );
    const head = { ...item, children: item.children.filter((it) => !nested.includes(it as Element)) };
    const text = toText(head).trim();
    const fact = factIn(text.replaceAll(/\s+/g, ' '));
    if (nested.length > 0 && (fact === undefined || text.endsWith(':')) && text.length <= 60) {
      const inner: Named = {};
      for (const it of nested) readBlock(it, inner, '', []);
      tell(parts, nameOf(text), inner);
    } else if (fact !== undefined) tell(parts, ...fact);
    else parts[own] = [parts[own] ?? '', text].filter((it) => it !== '').join('\n');
  }
}

function readDefinitions(list: Element, parts: Named): void {
  let name = '';
  for (const item of elementsIn(list, ['dt', 'dd'])) {
    if (item.tagName === 'dt') name = nameOf(toText(item));
    else tell(parts, name, toText(item).trim());
  }
}

const fieldNames = ['field', 'key', 'fact', 'item', 'property', 'what', ''];

/** Rows by what their first cell says, or by as many of them as it takes to tell them apart. */
function readTable(table: Element, parts: Named, section: string): void {
  const rows = elementsIn(table, ['tr']).map((row) => elementsIn(row, ['th', 'td']));
  const [first = []] = rows;
  const headed = first.length > 0 && first.every((it) => it.tagName === 'th');
  const cells = (row: readonly Element[]): string[] => row.map((it) => toText(it).trim());
  const heads = headed ? cells(first).map(nameOf) : [];
  const body = (headed ? rows.slice(1) : rows).map(cells).filter((row) => row.some((it) => it !== ''));
  const [lead = ''] = heads;
  if (body.every((row) => row.length === 2) && (!headed || fieldNames.includes(lead))) {
    for (const [name = '', value = ''] of body) tell(parts, nameOf(name), value);
    return;
  }
  if (!headed) return;
  const depth = heads.findIndex((_, count) => isTold(body, count + 1)) + 1;
  const records: Named = {};
  for (const row of body) {
    const record: Named = Object.fromEntries(heads.map((name, index) => [name, row[index] ?? '']));
    let at = records;
    for (const cell of row.slice(0, Math.max(depth, 1) - 1)) at = (at[nameOf(cell)] ??= {}) as Named;
    tell(at, nameOf(row[Math.max(depth, 1) - 1] ?? ''), record);
  }
  // Beside other facts of a section a table is one of them; alone it is all that the section says.
  const alone = section !== '' && Object.keys(parts).every((it) => it === own);
  if (!alone) tell(parts, `${lead}s`, records);
  else for (const [name, record] of Object.entries(records)) tell(parts, name, record);
}

function isTold(rows: readonly (readonly string[])[], columns: number): boolean {
  return new Set(rows.map((row) => row.slice(0, columns).map(nameOf).join('\n'))).size === rows.length;
}
