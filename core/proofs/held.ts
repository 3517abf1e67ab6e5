import { z } from 'zod';

/** A proof that held. */
export const Held = z.strictObject({
  id: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .describe('Content id of all that the proof depends on'),
  on: z.iso.date().describe('The day on which it last held'),
});
export type Held = z.infer<typeof Held>;

/**
 * `proofs/<area>/<lab>.json`: what was proved of a lab, by kind and name. Configurations are `start`, `solution`,
 * `accept/NAME` and `reject/NAME`; whatever else is proved of a lab is a kind of its own beside them.
 */
export const HeldFile = z.strictObject({
  schema: z.literal('breakwater.proofs/1'),
  held: z.record(z.string().regex(/^[a-z][a-z-]*(?:\/[\w.-]+)*$/), Held),
});

export type HeldProofs = ReadonlyMap<string, Held>;

/** The text of the file. A proof a line, sorted: two runs that prove the same write the same, and differences are small. */
export function formatHeld(held: HeldProofs): string {
  const lines = [...held]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { id, on }]) => `    ${JSON.stringify(name)}: { "id": "${id}", "on": "${on}" }`);
  const all = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`;
  return `{\n  "schema": "breakwater.proofs/1",\n  "held": ${all}\n}\n`;
}

/**
 * With the result of one proof in it: what held is written down, what did not is taken out. Others of its kind that
 * are not among `current`, which the lab no longer has, go with that; of other kinds nothing is known here, and they stay.
 */
export function withResult(
  held: HeldProofs,
  { name, result, current }: { name: string; result: Held | undefined; current: readonly string[] },
): HeldProofs {
  const kept = new Map([...held].filter(([it]) => kindOf(it) !== kindOf(name) || current.includes(it)));
  if (result === undefined) kept.delete(name);
  else kept.set(name, result);
  return kept;
}

function kindOf(name: string): string {
  return /^(?:start|solution|(?:accept|reject)\/.*)$/.test(name) ? 'configuration' : name.replace(/\/.*$/, '');
}
