import { posix } from 'node:path';

import nunjucks, { type LoaderSource } from 'nunjucks';

import { DiagnosticsError } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import { fileStart, type Position, refuse } from './complaints.ts';
import { didYouMean } from './near-spelling.ts';
import { readText } from './read-file.ts';
import { guardTemplates, templateGlobals } from './template-guard.ts';
import { markLines, readMarks, type TemplateLine } from './template-lines.ts';

export interface TemplateSource {
  /** Folder that includes may not leave. */
  readonly folder: string;
  /** Path of the template below it. */
  readonly path: string;
  readonly text: string;
  /** Variables of the template, each under its own name. */
  readonly facts: Facts;
}

/**
 * Renders a Nunjucks template (https://mozilla.github.io/nunjucks/templating.html), whose language is
 * that of Jinja2: no escaping, an undefined value is an error, the newline after a block tag and the
 * blanks before it are dropped. @throws DiagnosticsError with line and column in the template
 */
export function renderTemplate(source: TemplateSource): string {
  return render(source, (text) => text);
}

/**
 * The same, and from which line of which template each rendered line comes; without lines where that cannot
 * be told for certain.
 */
export function renderWithLines(source: TemplateSource): {
  readonly text: string;
  readonly lines?: readonly (TemplateLine | undefined)[];
} {
  const text = renderTemplate(source);
  try {
    const marked = readMarks(render(source, markLines));
    // A template that measures or cuts its own text may render to something else with the marks in it.
    return marked.text === text ? marked : { text };
  } catch {
    // It rendered without the marks, and that is what counts.
    return { text };
  }
}

function render({ folder, path, text, facts }: TemplateSource, change: (text: string, path: string) => string): string {
  guardTemplates();
  const environment = new nunjucks.Environment(new FolderLoader(folder, path, text, change), {
    autoescape: false,
    // Keeps line and column with an error; without it only its text is left.
    dev: true,
    lstripBlocks: true,
    throwOnUndefined: true,
    trimBlocks: true,
  });
  for (const [name, value] of Object.entries(templateGlobals)) environment.addGlobal(name, value);
  const variables = Object.assign(shadowedNames(), facts);
  try {
    return environment.render(path, variables);
  } catch (error) {
    if (error instanceof DiagnosticsError) throw error;
    return explain(error, { folder, path, text, facts });
  }
}

const includeLimit = 200;
const none = null as unknown as LoaderSource;

/** Finds templates by their path below one folder. */
class FolderLoader extends nunjucks.Loader {
  readonly #folder: string;
  readonly #path: string;
  readonly #text: string;
  readonly #change: (text: string, path: string) => string;
  #reads = 0;

  constructor(folder: string, path: string, text: string, change: (text: string, path: string) => string) {
    super();
    this.#folder = folder;
    this.#path = path;
    this.#text = text;
    this.#change = change;
  }

  override isRelative(name: string): boolean {
    return name.startsWith('./') || name.startsWith('../');
  }

  override resolve(from: string, to: string): string {
    return posix.join(posix.dirname(from), to);
  }

  /** Nothing when there is none, which Nunjucks reports at the place of the include; its types do not know. */
  getSource(name: string): LoaderSource {
    // A template that includes itself would go on until the stack is full.
    if (++this.#reads > includeLimit) throw new Error(`more than ${includeLimit} includes`);
    if (name === this.#path) return { src: this.#change(this.#text, name), path: name, noCache: true };
    if (posix.isAbsolute(name) || posix.normalize(name).startsWith('..')) return none;
    try {
      const text = readText(posix.join(this.#folder, name), { within: this.#folder });
      return { src: this.#change(text, name), path: name, noCache: true };
    } catch (error) {
      if (error instanceof DiagnosticsError) return none;
      throw error;
    }
  }
}

/** What every object inherits would otherwise be a variable of every template, `constructor` among them. */
function shadowedNames(): Record<string, undefined> {
  return Object.fromEntries(Object.getOwnPropertyNames(Object.prototype).map((name) => [name, undefined]));
}

interface NunjucksError extends Error {
  readonly lineno?: number;
  readonly colno?: number;
}

function explain(error: unknown, source: TemplateSource): never {
  const { path, reason } = unwrap((error as Error).message);
  const text = path === undefined || path === source.path ? source.text : undefined;
  const position = positionOf(error as NunjucksError, reason, text);
  const file = posix.join(source.folder, path ?? source.path);
  if (!reason.includes('null or undefined'))
    return refuse(file, position, { message: `the template does not render: ${reason}` });
  const { name } = source.facts;
  const expression = text === undefined ? undefined : expressionAt(text, position);
  return refuse(file, position, {
    message: expression === undefined ? 'this value is undefined' : `"${expression}" is undefined`,
    expected: `a fact of ${name}`,
    hint:
      (expression === undefined || expression.includes('.')
        ? undefined
        : didYouMean(expression, Object.keys(source.facts))) ?? `breakwater facts ${name} --json`,
  });
}

/**
 * Nunjucks names the file and the reason only in its text: a line `(file)` for each template on the
 * way to the place, the innermost last, then the reason.
 */
function unwrap(message: string): { path: string | undefined; reason: string } {
  const lines = message.split('\n');
  let path: string | undefined;
  for (const [index, line] of lines.entries()) {
    const [, place] = /^\s*(?:Template render error: )?\(([^()]+)\)(?: \[Line[^\]]*\])?$/.exec(line) ?? [];
    if (place === undefined)
      return {
        path,
        reason: lines
          .slice(index)
          .join(' ')
          .replace(/^\s*\w*Error: /, '')
          .trim(),
      };
    if (place !== 'unknown path') path = place;
  }
  return { path, reason: 'it does not render' };
}

function positionOf({ lineno, colno = 0, cause }: NunjucksError, reason: string, text: string | undefined): Position {
  const [, name] = /not found: (.+)$/.exec(reason) ?? [];
  const named = name === undefined ? -1 : (text?.indexOf(name) ?? -1);
  if (text !== undefined && named >= 0) return placeIn(text, named);
  // The parser gives no place for what is missing at the end.
  if (lineno === undefined) return text === undefined ? fileStart : placeIn(text, text.length);
  // What the run of a template throws is numbered from 0, what the parser says from 1.
  const base = cause instanceof Error ? 1 : 0;
  return { line: Math.max(1, lineno + base), column: Math.max(1, colno + base) };
}

function placeIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** The expression of the output tag at a position. */
function expressionAt(text: string, { line, column }: Position): string | undefined {
  const rest = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
  return /^\{\{-?\s*([A-Za-z_][\w.[\]]*)/.exec(rest)?.[1];
}
