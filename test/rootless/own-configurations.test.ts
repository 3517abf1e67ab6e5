import { setMaxListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

import { type Appliance, openAppliance } from '#core/appliance/appliance.ts';
import { openTestNetwork, type TestNetwork } from '#core/appliance/test-configuration.ts';
import type { Lab } from '#core/model/lab.ts';
import type { Run } from '#core/model/run.ts';
import { consoleReporter } from '#core/report/console.ts';
import { exitCodeOf } from '#core/report/exit-code.ts';

/**
 * Configurations as network teams bring them, on real daemons: right ones pass in whatever way they are written,
 * wrong ones fail by the check that is about it, and the report says what a daemon did not take.
 */

const folder = join(import.meta.dirname, 'fixtures/own-configurations');
const Case = z.strictObject({
  name: z.string(),
  lab: z.string(),
  exit: z.literal([0, 1, 3]),
  fails: z.array(z.string()).default([]),
  says: z.array(z.string()).default([]),
  why: z.string(),
});
const cases = z.array(Case).parse(parse(readFileSync(join(folder, 'cases.yml'), 'utf8')));

let appliance: Appliance;
let network: TestNetwork;

beforeAll(async () => {
  appliance = await openAppliance('test');
  await appliance.image();
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  network = await openTestNetwork(appliance, { labs: [...new Set(cases.map((it) => it.lab))].map(labNamed), signal });
}, 600_000);

afterAll(async () => network?.close());

test.each(cases)('$lab: $name ends with exit code $exit', async (brought) => {
  const { exit, fails, says } = brought;
  const { run, text } = await judged(brought);
  expect({ exit: exitCodeOf(run), text }).toEqual({ exit, text: expect.any(String) });
  for (const words of says) expect(text).toMatch(new RegExp(words));
  const failed = run.labs.flatMap((it) => it.findings).filter((it) => it.verdict === 'fail');
  expect(failed.map((it) => it.check)).toEqual(expect.arrayContaining(fails));
});

test('every folder stands in the table', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((it) => it.isDirectory());
  expect(folders.map((it) => it.name).toSorted()).toEqual(cases.map((it) => it.name).toSorted());
});

/** With what a person would read on a wide screen. Where checks are named that have to fail, the others are not asked. */
async function judged({ name, lab, fails }: z.infer<typeof Case>): Promise<{ run: Run; text: string }> {
  let text = '';
  const screen = { write: (part: string) => (text += part), columns: 2000, color: false, live: false };
  const reporter = consoleReporter({ screen, verbose: false, plan: appliance.plan, controls: appliance.controls });
  const { checks, ...rest } = labNamed(lab);
  const run = await network.test({
    labs: [{ ...rest, checks: fails.length === 0 ? checks : checks.filter((it) => fails.includes(it.id)) }],
    configs: join(folder, name),
    listener: (event) => reporter.onEvent(event),
  });
  await reporter.finish();
  return { run, text };
}

function labNamed(id: string): Lab {
  const lab = appliance.labs.get(id);
  if (lab === undefined) throw new Error(`there is no lab ${id}`);
  return lab;
}
