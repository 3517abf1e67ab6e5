import { z } from 'zod';

import { ControlsFile } from '../model/control.ts';
import { LabFile } from '../model/lab.ts';
import { PlanFile } from '../model/plan.ts';
import { Run } from '../model/run.ts';
import type { Probe } from '../probes/probe.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * JSON Schemas (draft 2020-12) of the files that people and machines exchange with the appliance, by
 * the name of their file in `schemas/`. Editors complete and check `lab.yml` with them, down to the
 * parameters of each probe; `run.schema.json` is the contract of the JSON report.
 */
export function jsonSchemas(probes: ReadonlyMap<string, Probe>): ReadonlyMap<string, JsonSchema> {
  return new Map([
    ['controls.schema.json', { title: 'Breakwater controls.yml', ...input(ControlsFile) }],
    ['lab.schema.json', { title: 'Breakwater lab.yml', ...withProbes(input(LabFile), probes) }],
    ['plan.schema.json', { title: 'Breakwater plan.yml', ...input(PlanFile) }],
    ['run.schema.json', { title: 'Breakwater run', ...(z.toJSONSchema(Run) as JsonSchema) }],
  ]);
}

/** The text of a schema as it lies in `schemas/`. */
export function formatSchema(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** What a person may write, where defaults are still to be filled in. */
function input(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** A check's `with` depends on its `probe`: one condition for each probe of the registry. */
function withProbes(lab: JsonSchema, probes: ReadonlyMap<string, Probe>): JsonSchema {
  const checks = lab.properties?.['checks'] as JsonSchema;
  const check = checks.items as JsonSchema;
  const names = [...probes.keys()].toSorted();
  const conditions = names.map((name) => {
    const { $schema: _, ...params } = input((probes.get(name) as Probe).params);
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema, never awaited
    return { if: { properties: { probe: { const: name } } }, then: { properties: { with: params } } };
  });
  const probe = {
    ...(check.properties?.['probe'] as JsonSchema),
    oneOf: names.map((name) => ({ const: name, description: probes.get(name)?.summary })),
  };
  const items = {
    ...check,
    properties: { ...check.properties, ...(names.length === 0 ? {} : { probe }) },
    ...(conditions.length === 0 ? {} : { allOf: conditions }),
  };
  return { ...lab, properties: { ...lab.properties, checks: { ...checks, items } } } as JsonSchema;
}
