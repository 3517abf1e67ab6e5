import { z } from 'zod';

import { type Complaint, complaintLimit, oneOf } from './complaints.ts';
import { didYouMean } from './near-spelling.ts';
import type { Path } from './positions.ts';

/** A zod issue in words, and the path and part (key or value) where they belong. */
export interface ExplainedIssue {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly complaint: Complaint;
}

interface Context {
  /** Path of the value that the schema was applied to. */
  readonly at: Path;
  readonly schema: z.ZodType;
  readonly exists: (path: Path) => boolean;
  readonly refused?: ((parent: Path, key: string) => string | undefined) | undefined;
}

/** Says what was found, what was expected and what to do, where zod says which rule was broken. */
export function explainIssue(issue: z.core.$ZodIssue, context: Context): ExplainedIssue[] {
  const path = [...context.at, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, complaintLimit).map((key) => explainUnknownKey(path, key, issue.path, context));
  if (issue.code === 'invalid_key') {
    return [
      {
        path,
        part: 'key',
        complaint: {
          message: `"${String(issue.path.at(-1))}" is not a valid key here`,
          expected: expectedBy(issue.issues[0]),
        },
      },
    ];
  }
  const branch = issue.code === 'invalid_union' ? nearestBranch(issue) : undefined;
  if (branch !== undefined)
    return branch.flatMap((inner) => explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, context));
  if (!context.exists(path)) {
    const description = describe(context.schema, issue.path)?.description;
    return [
      {
        path,
        part: 'key',
        complaint: {
          message: `${nameOf(path)} is missing`,
          expected:
            description === undefined ? expectedBy(issue) : `${String(path.at(-1))}: ${lowerFirst(description)}`,
        },
      },
    ];
  }
  return [{ path, part: 'value', complaint: explainValue(issue, path) }];
}

function explainUnknownKey(parent: Path, key: string, schemaPath: Path, { schema, refused }: Context): ExplainedIssue {
  const path = [...parent, key];
  const reason = refused?.(parent, key);
  if (reason !== undefined)
    return {
      path,
      part: 'key',
      complaint: { message: `${nameOf(path)} is not supported: ${reason}`, hint: `remove "${key}"` },
    };
  const known = knownKeys(describe(schema, schemaPath));
  return {
    path,
    part: 'key',
    complaint: { message: `unknown key "${key}"`, expected: oneOf(known), hint: didYouMean(key, known) },
  };
}

function explainValue(issue: z.core.$ZodIssue, path: Path): Complaint {
  const size =
    (issue.code === 'too_small' || issue.code === 'too_big') && Array.isArray(issue.input)
      ? issue.input.length
      : undefined;
  const found =
    size === undefined
      ? `${nameOf(path)} is ${foundText(issue.input)}`
      : `${nameOf(path)} has ${countOf(size, 'array')}`;
  if (issue.code === 'custom' && !issue.message.startsWith('expected '))
    return { message: `${found}: ${issue.message}` };
  const hint =
    issue.code === 'invalid_value' && typeof issue.input === 'string'
      ? didYouMean(issue.input, issue.values.map(String))
      : undefined;
  return { message: found, expected: expectedBy(issue), hint };
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'nothing',
  number: 'a number',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
  string: 'text',
  tuple: 'a list',
};

const formats: Readonly<Record<string, string>> = {
  cidrv4: 'an IPv4 prefix such as 192.0.2.0/24',
  cidrv6: 'an IPv6 prefix such as 2001:db8::/32',
  datetime: 'a time such as 2024-02-29T12:00:00Z',
  ipv4: 'an IPv4 address such as 192.0.2.1',
  ipv6: 'an IPv6 address such as 2001:db8::1',
};

function expectedBy(issue: z.core.$ZodIssue | undefined): string | undefined {
  if (issue === undefined) return undefined;
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'invalid_format':
      return formats[issue.format] ?? issue.message.replace(/^expected /, '');
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'some text'
        : `at least ${countOf(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `at most ${countOf(issue.maximum, issue.origin)}`;
    case 'invalid_union':
      return (
        [...new Set(issue.errors.flat().map(expectedBy))].filter((text) => text !== undefined).join(', or ') ||
        undefined
      );
    default:
      return issue.message.replace(/^expected /, '');
  }
}

function countOf(count: number | bigint, origin: string): string {
  if (origin === 'string') return `${count} characters`;
  if (origin === 'array' || origin === 'set') return Number(count) === 1 ? '1 entry' : `${count} entries`;
  return String(count);
}

/** The start of a description within a sentence; an abbreviation stays as it is. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

/** Of a union's branches the one that got furthest: whose complaints all lie inside the value. */
function nearestBranch(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const inside = issue.errors.filter((branch) =>
    branch.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  return inside.toSorted((a, b) => a.length - b.length)[0];
}

/** What the schema says about a path: its JSON Schema, walked down. */
function describe(schema: z.ZodType, path: Path): z.core.JSONSchema.BaseSchema | undefined {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return path.reduce<z.core.JSONSchema.BaseSchema | undefined>((at, segment) => child(at, segment), root);
}

function child(
  schema: z.core.JSONSchema.BaseSchema | undefined,
  segment: PropertyKey,
): z.core.JSONSchema.BaseSchema | undefined {
  if (schema === undefined) return undefined;
  const found =
    schema.properties?.[String(segment)] ?? (typeof segment === 'number' ? schema.items : schema.additionalProperties);
  if (typeof found === 'object' && !Array.isArray(found)) return found;
  for (const branch of schema.anyOf ?? schema.oneOf ?? []) {
    const inBranch = child(branch as z.core.JSONSchema.BaseSchema, segment);
    if (inBranch !== undefined) return inBranch;
  }
  return undefined;
}

function knownKeys(schema: z.core.JSONSchema.BaseSchema | undefined): string[] {
  if (schema?.properties !== undefined) return Object.keys(schema.properties);
  return (schema?.anyOf ?? schema?.oneOf ?? []).flatMap((branch) => knownKeys(branch as z.core.JSONSchema.BaseSchema));
}

/** `checks[0].with.port`; the whole file is "the file". */
export function nameOf(path: Path): string {
  if (path.length === 0) return 'the file';
  return path
    .map((segment, index) =>
      typeof segment === 'number' ? `[${segment}]` : `${index === 0 ? '' : '.'}${String(segment)}`,
    )
    .join('');
}

export function foundText(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…"` : text;
}
