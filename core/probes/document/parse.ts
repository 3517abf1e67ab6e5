import { parse as parseYaml } from 'yaml';

/** How a document is written, and so how its parts are found. */
export type Format = 'fields' | 'headings' | 'yaml' | 'certificate' | 'text';

/** A part of a document: text, or parts of its own by name or number. */
export type Part = string | readonly Part[] | { readonly [name: string]: Part } | undefined;

/** What stands at a path; undefined where it ought to and does not. */
export interface Found {
  readonly path: string;
  readonly value: string | undefined;
}

/** The name of a section's own text, beside those of its subsections. */
const own = '';

/** @throws Error when the text is not written in that format */
export function parseDocument(text: string, format: Format): Part {
  switch (format) {
    case 'fields':
      return parseFields(text);
    case 'headings':
      return parseHeadings(text);
    case 'yaml':
      return parseFrontMatter(text);
    case 'certificate':
      return parseCertificate(text);
    case 'text':
      return {};
  }
}

/** `Name: value` a line, names in any case, as in security.txt (RFC 9116). What is not a field, such as a signature, is passed over. */
function parseFields(text: string): Part {
  const fields: Record<string, string[]> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^([A-Za-z][\w-]*):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) (fields[name.toLowerCase()] ??= []).push(value.trim());
  }
  return fields;
}

/** Numbered sections as in RFC 2350: `2.7 Electronic Mail Address`, found by their numbers. */
function parseHeadings(text: string): Part {
  const root: Record<string, Part> = {};
  let section = root;
  let lines: string[] = [];
  const close = (): void => void (section[own] = lines.join('\n').trim());
  for (const line of text.split(/\r?\n/)) {
    const number = /^(\d+(?:\.\d+)*)\.?\s+[A-Z][^.]{1,70}$/.exec(line)?.[1];
    if (number === undefined) {
      lines.push(line);
      continue;
    }
    close();
    lines = [];
    section = number.split('.').reduce<Record<string, Part>>((at, step) => {
      return (at[step] ??= {}) as Record<string, Part>;
    }, root);
  }
  close();
  return root;
}

/** YAML or JSON. Where it stands between two lines `---` with prose below, that is `prose`. */
function parseFrontMatter(text: string): Part {
  const [, head, prose] = /^---\r?\n([^]*?)\r?\n---\r?\n([^]*)$/.exec(text) ?? [];
  const parts = parseYaml(head ?? text) as Part;
  return prose === undefined || !isNamed(parts) ? parts : { ...parts, prose };
}

/** What `openssl x509 -fingerprint -enddate -email` tells: two lines `name=value`, and addresses. */
function parseCertificate(text: string): Part {
  const line = (name: string): string | undefined => new RegExp(`^${name}=(.*)$`, 'im').exec(text)?.[1];
  const expires = line('notAfter');
  return {
    fingerprint: line('.*Fingerprint'),
    expires: expires === undefined ? undefined : new Date(expires).toISOString(),
    email: text.split('\n').filter((it) => /^\S+@\S+$/.test(it)),
  };
}

/**
 * Everything at a path of names and numbers with dots between; `*` stands for each part that is there.
 * Never empty: what is missing is found as undefined, so that nobody passes by leaving something out.
 */
export function find(parts: Part, path: string): Found[] {
  return descend(parts, path === '' ? [] : path.split('.'), []).map(({ at, part }) => ({
    path: at.join('.'),
    value: textOf(part),
  }));
}

interface Place {
  readonly at: readonly string[];
  readonly part: Part;
}

function descend(part: Part, [step, ...rest]: readonly string[], at: readonly string[]): Place[] {
  if (step === undefined) {
    if (!Array.isArray(part) || part.length === 0) return [{ at, part }];
    return (part as readonly Part[]).map((it, index) => ({ at: [...at, String(index)], part: it }));
  }
  const names = step === '*' ? Object.keys(isNamed(part) || Array.isArray(part) ? (part as object) : {}) : [step];
  if (names.length === 0) return [{ at: [...at, step, ...rest], part: undefined }];
  return names.flatMap((name) => descend(childOf(part, name), rest, [...at, name]));
}

function childOf(part: Part, name: string): Part {
  if (!isNamed(part) && !Array.isArray(part)) return undefined;
  const parts = part as Readonly<Record<string, Part>>;
  return Object.hasOwn(parts, name) ? parts[name] : parts[name.toLowerCase()];
}

function textOf(part: Part): string | undefined {
  if (part === undefined || part === null || Array.isArray(part)) return undefined;
  if (!isNamed(part)) return String(part).trim() === '' ? undefined : String(part).trim();
  if (part[own] === undefined) return undefined;
  // A section that only has subsections says what they say.
  const all = Object.values(part).flatMap((it) => textOf(it) ?? []);
  return all.length === 0 ? undefined : all.join('\n');
}

function isNamed(part: Part): part is { readonly [name: string]: Part } {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}
