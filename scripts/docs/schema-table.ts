import type { JsonSchema } from '#core/load/json-schema.ts';
import { table } from './sections.ts';

/** The fields of an object schema: name, what may stand there, what it means. */
export function tableOfFields(schema: JsonSchema): string {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const it = field as JsonSchema;
    return [`\`${name}\``, kindOf(it), need(it, required.has(name)), it.description ?? ''];
  });
  return table(['field', 'value', 'needed', 'meaning'], rows);
}

/** A part of a schema by the names and `*` (the items of a list, the values of a map) on the way to it. */
export function part(schema: JsonSchema, ...path: readonly string[]): JsonSchema {
  return path.reduce<JsonSchema>((at, step) => {
    const found = step === '*' ? (at.items ?? at.additionalProperties) : at.properties?.[step];
    if (typeof found !== 'object' || found === null) throw new Error(`the schema has no ${path.join('.')}`);
    return found as JsonSchema;
  }, schema);
}

function need(field: JsonSchema, required: boolean): string {
  if (field.default === undefined) return required ? 'yes' : 'no';
  const value = JSON.stringify(field.default);
  return value === '{}' || value === '[]' ? 'no' : `no: \`${value.replaceAll('"', '')}\``;
}

function kindOf(field: JsonSchema): string {
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  if (field.enum !== undefined) return field.enum.map((it) => `\`${String(it)}\``).join(', ');
  if (field.anyOf !== undefined) return [...new Set(field.anyOf.map((it) => kindOf(it as JsonSchema)))].join(' or ');
  switch (field.type) {
    case 'array':
      return (field.minItems ?? 0) === 0 ? 'list' : `list of ${field.minItems} or more`;
    case 'object':
      return 'map';
    case 'integer':
    case 'number':
      return `number${bounds(field.minimum, field.maximum)}`;
    case 'string':
      return field.format === undefined ? 'text' : (formats[field.format] ?? field.format);
    default:
      return 'anything';
  }
}

const formats: Readonly<Record<string, string>> = {
  cidrv4: 'prefix',
  cidrv6: 'prefix',
  ipv4: 'address',
  ipv6: 'address',
};

function bounds(least: number | undefined, most: number | undefined): string {
  const limit = Number.MAX_SAFE_INTEGER;
  const from = least === undefined || least <= -limit ? '' : `from ${least}`;
  const to = most === undefined || most >= limit ? '' : `to ${most}`;
  return from === '' && to === '' ? '' : `, ${[from, to].filter(Boolean).join(' ')}`;
}
