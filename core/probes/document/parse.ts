import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';

import { readAdvisories } from './csaf.ts';
import { factsOf, htmlTree, markdownTree } from './markup.ts';
import { isNamed, type Named, nameOf, own, type Part, tell } from './part.ts';
import { parseSections } from './sections.ts';
import { parseSecurityTxt } from './security-txt.ts';

/** How a document is written, and so how its parts are found. */
export type Format = 'facts' | 'security-txt' | 'headings' | 'certificate' | 'text';

/** @throws Error when the text is not written in that format */
export function parseDocument(text: string, format: Format): Part {
  switch (format) {
    case 'facts':
      return parseFacts(text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n'));
    case 'security-txt':
      return parseSecurityTxt(text);
    case 'headings':
      return parseSections(text);
    case 'certificate':
      return parseCertificate(text);
    case 'text':
      return {};
  }
}

/**
 * Facts by name, in any form that people use: JSON or YAML, also above prose between two lines `---`; HTML or
 * Markdown with headings, tables and lists; CSV with a line of names; `Name: value` a line.
 */
function parseFacts(text: string): Part {
  const [, head, prose = ''] = /^\s*---[ \t]*\n([^]*?)\n---[ \t]*(?:\n([^]*))?$/.exec(text) ?? [];
  if (head !== undefined && prose.trim() !== '') {
    const parts = readAdvisories(parseData(head));
    return isNamed(parts) ? withProse(parts, prose) : parts;
  }
  if (/^\s*</.test(text)) return factsOf(htmlTree(text));
  if (/^\s*[[{]/.test(text)) return readAdvisories(parseData(text));
  const fields = parseFields(text);
  if (/^\s{0,3}#{1,6} \S|^\s*\|?\s*:?-{2,}:?\s*\|/m.test(text) && !isYaml(text)) return factsOf(markdownTree(text));
  if (fields !== undefined) return fields;
  const table = parseTable(text);
  if (table !== undefined) return table;
  if (/^\s*[-*] \*\*/m.test(text)) return factsOf(markdownTree(text));
  return readAdvisories(parseData(text));
}

/** Prose below facts may tell more of them, under headings; what both tell is told twice. */
function withProse(parts: { readonly [name: string]: Part }, prose: string): Part {
  return { ...parts, prose: prose.trim() };
}

function isYaml(text: string): boolean {
  try {
    return isNamed(parseData(text));
  } catch {
    return false;
  }
}

/** YAML, of which JSON is a part; every value as it is written, so that version 3.10 stays what it is. */
function parseData(text: string): Part {
  try {
    return parseYaml(text, { schema: 'failsafe', merge: true, uniqueKeys: true }) as Part;
  } catch (error) {
    // YAML takes no tabs for indentation, JSON does.
    const again = String(error).includes('unique') || !text.includes('\t') ? undefined : text.replaceAll('\t', '  ');
    if (again === undefined) throw error;
    return parseYaml(again, { schema: 'failsafe', merge: true, uniqueKeys: true }) as Part;
  }
}

/**
 * `Name: value` a line, names in any case, a line that begins with a blank going on with the one before. Undefined
 * when a name is not said twice and the whole is better read as YAML.
 */
function parseFields(text: string): Part {
  if (isYaml(text)) return undefined;
  const fields: Named = {};
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^([A-Za-z][\w-]*(?: [\w-]+){0,2}):(?:\s+(.*))?$/.exec(line) ?? [];
    if (name !== undefined) {
      last = nameOf(name);
      tell(fields, last, [...[fields[last] ?? []].flat(), value.trim()] as Part[]);
      fields[last] = [...new Set([fields[last] ?? []].flat() as string[])];
    } else if (/^[ \t]+\S/.test(line) && last !== undefined) {
      const told = [fields[last] ?? []].flat() as string[];
      fields[last] = [...told.slice(0, -1), `${told.at(-1) ?? ''} ${line.trim()}`.trim()];
    } else last = undefined;
  }
  return Object.keys(fields).length < 2 ? undefined : fields;
}

/** CSV with a line of names, its fields parted by commas, semicolons or tabs. */
function parseTable(text: string): Part {
  const [head = ''] = text.split('\n');
  const delimiter = [';', '\t', ','].find((it) => head.split(it).length > 1 && !head.includes(': '));
  if (delimiter === undefined || text.trim().split('\n').length < 2) return undefined;
  try {
    const rows = parseCsv(text, { delimiter, columns: (names: string[]) => names.map(nameOf), trim: true }) as Named[];
    return rows;
  } catch {
    return undefined;
  }
}

/** What `openssl x509 -fingerprint -enddate -email` tells: two lines `name=value`, and addresses. */
function parseCertificate(text: string): Part {
  const line = (name: string): string | undefined => new RegExp(`^${name}=(.*)$`, 'im').exec(text)?.[1];
  const expires = line('notAfter');
  return {
    fingerprint: line('.*Fingerprint'),
    expires: expires === undefined ? undefined : new Date(expires).toISOString(),
    email: text.split('\n').filter((it) => /^\S+@\S+$/.test(it)),
    [own]: '',
  };
}
