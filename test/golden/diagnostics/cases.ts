import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { loadPlan } from '#core/load/load-plan.ts';
import { parseTopology } from '#core/load/load-topology.ts';
import { readText } from '#core/load/read-file.ts';
import { formatDiagnostic } from '#core/model/diagnostic.ts';
import { DiagnosticsError } from '#core/model/errors.ts';
import { classesAmong, nodesOfPlaces, PlaceName } from '#core/model/places.ts';
import { defineProbe } from '#core/probes/probe.ts';

/** Absolute path of something beside this file. */
export function fixture(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Names of the broken inputs of one kind: files with an ending, or folders when it is empty. */
export function casesOf(kind: string, ending: string): string[] {
  const names = readdirSync(fixture(kind), { withFileTypes: true })
    .filter((entry) => (ending === '' ? entry.isDirectory() : entry.isFile() && entry.name.endsWith(ending)))
    .map((entry) => entry.name.slice(0, entry.name.length - ending.length))
    .toSorted();
  if (names.length === 0) throw new Error(`there are no cases in ${kind}`);
  return names;
}

/**
 * A copy of case folders, each laid over the one before, for as long as `use` runs. In `REMOVE` a case
 * names a file or a folder that is missing; in `LINKS` it has lines `path target`, because symbolic
 * links do not survive every way in which a repository travels.
 */
export function withCopy<T>(cases: readonly string[], below: string, use: (folder: string) => T): T {
  const home = mkdtempSync(join(tmpdir(), 'breakwater-case-'));
  try {
    const folder = join(home, below);
    for (const name of cases) {
      for (const path of listed(`${name}/REMOVE`)) rmSync(join(folder, path), { recursive: true });
      cpSync(fixture(name), folder, { recursive: true });
      for (const line of listed(`${name}/LINKS`)) {
        const [path = '', target = ''] = line.split(' ');
        symlinkSync(target, join(folder, path));
      }
      for (const file of ['REMOVE', 'LINKS']) rmSync(join(folder, file), { force: true });
    }
    return use(folder);
  } finally {
    rmSync(home, { recursive: true });
  }
}

function listed(file: string): string[] {
  return existsSync(fixture(file)) ? readFileSync(fixture(file), 'utf8').split('\n').filter(Boolean) : [];
}

/** What the user reads when `load` fails, with paths from `folder` on; fails when it does not fail. */
export function complaintsOf(load: () => unknown, folder: string): string {
  try {
    load();
  } catch (error) {
    return complaintsIn(error, folder);
  }
  throw new Error('this broken input was accepted');
}

/** The same for what is read later. */
export async function laterComplaintsOf(load: () => Promise<unknown>, folder: string): Promise<string> {
  try {
    await load();
  } catch (error) {
    return complaintsIn(error, folder);
  }
  throw new Error('this broken input was accepted');
}

function complaintsIn(error: unknown, folder: string): string {
  if (!(error instanceof DiagnosticsError)) throw error;
  return `${error.diagnostics.map(formatDiagnostic).join('\n').replaceAll(`${folder}/`, '').replaceAll(folder, '.')}\n`;
}

const smallTopologyFile = fixture('small-isp/small-isp.clab.yml');
export const smallTopology = parseTopology(smallTopologyFile, readText(smallTopologyFile));
export const smallPlan = loadPlan(fixture('small-isp/plan.yml'), smallTopology);

const sendPackets = defineProbe({
  name: 'send-packets',
  summary: 'Sends packets from one node to another',
  params: z.strictObject({
    from: z.string(),
    to: z.string(),
    count: z.number().int().default(3),
    also: z.array(PlaceName).default([]),
  }),
  nodes: ({ from, to, also }, plan) => [from, to, ...nodesOfPlaces(plan, also)],
  classes: ({ also }) => classesAmong(also),
  observe: () => Promise.reject(new Error('a loader observes nothing')),
});

/** The lab of the cases is checked against a probe of its own, so that it stays as it is when those of the product grow. */
export const labContext = {
  topology: smallTopology,
  plan: smallPlan,
  probes: new Map([[sendPackets.name, sendPackets]]),
};
