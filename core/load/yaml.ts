import { Composer, type CST, type Document, isScalar, Parser, visit } from 'yaml';
import type { z } from 'zod';

import { type Complaint, complaintLimit, Complaints, fileStart, refuse } from './complaints.ts';
import { explainIssue } from './issues.ts';
import { keyText, Lines, type Path, type Place, placeOf } from './positions.ts';
import { sizeLimitBytes } from './read-file.ts';

/** A YAML text that was read and not yet checked against a schema. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  place(path: Path): Place;
}

export interface YamlOptions {
  /** Every scalar stays the text it is, as typed decoders such as containerlab's see it: `007` and `yes` included. */
  readonly scalars?: 'typed' | 'text';
}

/** Files that people write are a few levels deep; the parser recurses, so a hostile depth must not reach it. */
const depthLimit = 32;
const aliasLimit = 50;

/** Reads one YAML 1.2 document: duplicate keys, directives and unknown tags are errors. @throws DiagnosticsError */
export function parseYaml(file: string, text: string, { scalars = 'typed' }: YamlOptions = {}): YamlFile {
  if (text.length > sizeLimitBytes)
    refuse(file, fileStart, {
      message: `the file has ${text.length} characters`,
      expected: `at most ${sizeLimitBytes}`,
    });
  const lines = new Lines(text);
  const tokens = [...new Parser().parse(text)];
  const tooDeep = firstTokenBelow(tokens, depthLimit);
  if (tooDeep !== undefined) {
    refuse(file, lines.at(tooDeep), { message: `this is nested more than ${depthLimit} levels deep` });
  }
  const document = composeOne(file, tokens, text, lines, scalars);
  return { file, value: toValue(file, document), place: (path) => placeOf(document, lines, path) };
}

/** Refusals with a reason, for keys that exist elsewhere and not here. */
export type RefusedKey = (parent: Path, key: string) => string | undefined;

/**
 * Checks what stands at `at` against a schema. Every issue becomes a complaint with its place; the
 * result is undefined when there was one.
 */
export function checkShape<Schema extends z.ZodType>(
  yaml: YamlFile,
  schema: Schema,
  complaints: Complaints,
  { at = [], value = yaml.value, refused }: { at?: Path; value?: unknown; refused?: RefusedKey } = {},
): z.output<Schema> | undefined {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const explained = result.error.issues
    .slice(0, complaintLimit)
    .flatMap((issue) => explainIssue(issue, { at, schema, refused, exists: (path) => yaml.place(path).exists }));
  for (const { path, part, complaint } of explained.slice(0, complaintLimit)) {
    complaints.add(yaml.file, yaml.place(path)[part], complaint);
  }
  return undefined;
}

/** Complains about the value, or the key, at a path. */
export function complainAt(
  complaints: Complaints,
  yaml: YamlFile,
  path: Path,
  complaint: Complaint,
  part: 'key' | 'value' = 'value',
): void {
  complaints.add(yaml.file, yaml.place(path)[part], complaint);
}

function composeOne(
  file: string,
  tokens: CST.Token[],
  text: string,
  lines: Lines,
  scalars: 'typed' | 'text',
): Document {
  const complaints = new Complaints();
  const composer = new Composer({
    version: '1.2',
    // The library compares every key with every other; ours is linear (see below).
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    ...(scalars === 'text' ? { schema: 'failsafe' as const, customTags: ['null' as const] } : {}),
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)] as [Document, Document | undefined];
  for (const { message, pos } of [...document.errors, ...document.warnings].slice(0, 20)) {
    complaints.add(file, lines.at(pos[0]), { message: lowerFirst(message), expected: 'YAML 1.2' });
  }
  if (second !== undefined) {
    complaints.add(file, lines.at(second.range?.[0] ?? 0), {
      message: 'a second document begins here',
      expected: 'one document in a file',
    });
  }
  if (document.directives?.yaml.explicit === true) {
    complaints.add(file, fileStart, {
      message: 'a %YAML directive changes how the file is read',
      expected: 'YAML 1.2 without directives',
    });
  }
  complaints.end();
  complainOfKeys(file, document, lines, complaints);
  complaints.end();
  return document;
}

function complainOfKeys(file: string, document: Document, lines: Lines, complaints: Complaints): void {
  visit(document, {
    Map(_, map) {
      const seen = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key))
          complaints.add(file, lines.at(offsetOf(key)), { message: 'this key is not a word', expected: 'text' });
        const text = keyText(key);
        const offset = offsetOf(key);
        const first = seen.get(text);
        if (first === undefined) seen.set(text, offset);
        else
          complaints.add(file, lines.at(offset), {
            message: `"${text}" stands here a second time`,
            hint: `the first is in line ${lines.at(first).line}; keep one of them`,
          });
      }
    },
  });
}

function offsetOf(node: unknown): number {
  return (node as { range?: [number, number, number] } | null)?.range?.[0] ?? 0;
}

function toValue(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: aliasLimit });
  } catch (error) {
    // Aliases that multiply, and aliases of nothing, are found only now (yaml throws a ReferenceError).
    if (error instanceof ReferenceError)
      return refuse(file, fileStart, {
        message: `aliases: ${lowerFirst(error.message)}`,
        hint: 'write the values out',
      });
    throw error;
  }
}

/** Offset of the first token that lies deeper than `limit` collections. Without recursion: that is its point. */
function firstTokenBelow(tokens: readonly CST.Token[], limit: number): number | undefined {
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > limit) return token.offset;
    if (token.type === 'document' && token.value !== undefined) waiting.push({ token: token.value, depth });
    if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key !== undefined && key !== null) waiting.push({ token: key, depth: depth + 1 });
        if (value !== undefined) waiting.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
