import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { formatSchema, jsonSchemas } from '#core/load/json-schema.ts';
import { probes } from '#core/probes/registry.ts';

const folder = new URL('../../../schemas/', import.meta.url);

describe('the JSON Schemas', () => {
  it.each([...jsonSchemas(probes)])('%s is fresh', (name, schema) => {
    const committed = readFileSync(new URL(name, folder), 'utf8');
    // Not toBe on the texts: what differs is of no interest, and long.
    expect(committed === formatSchema(schema), `schemas/${name} is stale: npx tsx scripts/export-schemas.ts`).toBe(
      true,
    );
  });

  it('are all that lies in schemas/', () => {
    expect(readdirSync(folder).toSorted()).toEqual([...jsonSchemas(probes).keys()].toSorted());
  });

  it('describe the parameters of every probe', () => {
    const lab = formatSchema(jsonSchemas(probes).get('lab.schema.json') ?? {});
    for (const name of probes.keys()) expect(lab).toContain(`"const": "${name}"`);
  });
});
