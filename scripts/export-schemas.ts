import { mkdirSync, writeFileSync } from 'node:fs';

import { formatSchema, jsonSchemas } from '#core/load/json-schema.ts';
import { probes } from '#core/probes/registry.ts';

/** Writes `schemas/*.json`. Run it after a change to a schema or to a probe's parameters: `npx tsx scripts/export-schemas.ts`. */
const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, schema] of jsonSchemas(probes)) {
  writeFileSync(new URL(name, folder), formatSchema(schema));
  console.log(`schemas/${name}`);
}
