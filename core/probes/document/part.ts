/** A part of a document: text, or parts of its own by name or number. */
export type Part = string | readonly Part[] | { readonly [name: string]: Part } | undefined;

/** Parts by name, while a document is being read. */
export type Named = Record<string, Part>;

/** What stands at a path; undefined where it ought to and does not. */
export interface Found {
  readonly path: string;
  readonly value: string | undefined;
}

/** The name of a section's own text, beside those of its subsections. */
export const own = '';

/** How records are called among others of their kind. */
const identities = ['name', 'id', 'key', 'as', 'who', 'customer', 'case', 'rule', 'step', 'audience', 'title'];

export function isNamed(part: Part): part is { readonly [name: string]: Part } {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}

/** The name of a part as paths have it: `Applies to` is applies-to. */
export function nameOf(text: string): string {
  return text
    .trim()
    .replace(/^\d+(?:\.\d+)*[.)]?\s+/, '')
    .replaceAll(/[`"'*:]/g, '')
    .trim()
    .replaceAll(/[\s_]+/g, '-')
    .toLowerCase();
}

/** Adds a fact; what is said twice, and differently, stays there twice. */
export function tell(parts: Named, name: string, value: Part): void {
  const before = parts[name];
  if (before === undefined) parts[name] = value;
  else if (isNamed(before) && isNamed(value))
    for (const [key, it] of Object.entries(value)) tell(before as Named, key, it);
  else if (JSON.stringify(before) !== JSON.stringify(value))
    parts[name] = [...[before].flat(), ...[value].flat()] as Part[];
}

/**
 * Everything at a path of names and numbers with dots between; `*` stands for each part that is there, `{a,b}`
 * for each of these. Never empty: what is missing is found as undefined, so that nobody passes by leaving
 * something out. A list of records is searched by how they are called, and a record of a map is called by its key.
 */
export function find(parts: Part, path: string): Found[] {
  return paths(path).flatMap((it) =>
    it.endsWith('**')
      ? wholesAt(parts, it)
      : descend(parts, it === '' ? [] : it.split('.'), []).map(({ at, part }) => ({
          path: at.join('.'),
          value: textOf(part),
        })),
  );
}

/** All that stands below a path, names and values, as one text. */
function wholesAt(parts: Part, path: string): Found[] {
  return walk(parts, path.split('.').slice(0, -1), []).map(({ at, part }) => ({
    path: at.join('.'),
    value: linesOf(part).join('\n') || undefined,
  }));
}

function linesOf(part: Part): string[] {
  if (Array.isArray(part)) return (part as readonly Part[]).flatMap(linesOf);
  if (!isNamed(part)) return [textOf(part) ?? ''].filter((it) => it !== '');
  return Object.entries(part).flatMap(([name, it]) => {
    const [first = '', ...more] = linesOf(it);
    return [name === own ? first : `${name}: ${first}`, ...more];
  });
}

/** `a.{b,c}` is `a.b` and `a.c`. */
export function paths(path: string): string[] {
  const [, before = '', choices, after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(path) ?? [];
  if (choices === undefined) return [path];
  return choices.split(',').flatMap((choice) => paths(`${before}${choice.trim()}${after}`));
}

interface Place {
  readonly at: readonly string[];
  readonly part: Part;
}

/** The parts themselves at a path, such as whole lists. */
export function placesAt(parts: Part, path: string): Place[] {
  return paths(path).flatMap((it) => walk(parts, it.split('.'), []));
}

function descend(part: Part, steps: readonly string[], at: readonly string[]): Place[] {
  return walk(part, steps, at).flatMap((place) =>
    Array.isArray(place.part) && place.part.length > 0
      ? (place.part as readonly Part[]).map((it, index) => ({ at: [...place.at, String(index)], part: it }))
      : [place],
  );
}

function walk(part: Part, [step, ...rest]: readonly string[], at: readonly string[], among?: Part): Place[] {
  if (step === undefined) return [{ at, part }];
  if (step !== '*') return walk(childOf(part, step) ?? keyOf(step, at, among), rest, [...at, step], part);
  const names = isNamed(part) || Array.isArray(part) ? Object.keys(part as object).filter((it) => it !== own) : [];
  if (names.length === 0) return [{ at: [...at, step, ...rest], part: undefined }];
  return names.flatMap((name) => walk((part as Named)[name], rest, [...at, name], part));
}

function childOf(part: Part, name: string): Part {
  if (Array.isArray(part)) return elementOf(part as readonly Part[], name);
  if (!isNamed(part)) return undefined;
  const key =
    Object.keys(part).find((it) => it === name) ?? Object.keys(part).find((it) => nameOf(it) === nameOf(name));
  return key === undefined ? undefined : part[key];
}

/** In a map of records and nothing else, each is called by its key. */
function keyOf(name: string, at: readonly string[], among: Part): Part {
  const isMap = isNamed(among) && Object.values(among).every(isNamed);
  return isMap && identities.includes(name) ? at.at(-1) : undefined;
}

/** An element by its number, or the record that has that name. */
function elementOf(list: readonly Part[], name: string): Part {
  if (/^\d+$/.test(name) && list[Number(name)] !== undefined) return list[Number(name)];
  const found = list.filter((it) => {
    if (!isNamed(it)) return false;
    const keys = [...new Set([...identities, Object.keys(it)[0] ?? ''])];
    return keys.some(
      (key) => typeof it[key] !== 'object' && it[key] !== undefined && nameOf(String(it[key])) === nameOf(name),
    );
  });
  return found.length > 1 ? found : found[0];
}

export function textOf(part: Part): string | undefined {
  if (part === undefined || part === null || Array.isArray(part)) return undefined;
  if (!isNamed(part)) return /^\s*(?:null|~)?\s*$/i.test(String(part)) ? undefined : String(part).trim();
  if (part[own] === undefined) return undefined;
  // A section that only has subsections says what they say.
  const all = Object.values(part).flatMap((it) => textOf(it) ?? []);
  return all.length === 0 ? undefined : all.join('\n');
}
