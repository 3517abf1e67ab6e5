import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'breakwater-own-templates-'));

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly failed: boolean;
  readonly message: string;
}

interface Outcome {
  readonly exitCode: number | undefined;
  readonly cases: readonly Case[];
}

beforeAll(() => chmodSync(folder, 0o755)); // Nodes run under sub-ids, which walk through it.
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the templates of a network team', () => {
  let outcome: Outcome;
  beforeAll(async () => (outcome = await testConfigs('own-templates')));

  test('pass every check of the lab with exit code 0', () => {
    expect(outcome.cases.filter((it) => it.failed)).toEqual([]);
    expect(outcome.exitCode).toBe(0);
  });

  test('are judged by attacks and by legitimate use', () => {
    expect(outcome.cases.filter((it) => it.kind === 'abuse').length).toBeGreaterThan(0);
    expect(outcome.cases.filter((it) => it.kind === 'service').length).toBeGreaterThan(0);
  });
});

describe('their filter from before IPv6', () => {
  let outcome: Outcome;
  beforeAll(async () => (outcome = await testConfigs('own-templates-ipv4-only')));

  test('fails with exit code 1', () => {
    expect(outcome.exitCode).toBe(1);
  });

  test('lets attacks through in IPv6, and stops no legitimate use', () => {
    const failed = outcome.cases.filter((it) => it.failed);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.filter((it) => it.kind !== 'abuse')).toEqual([]);
    expect(failed.map((it) => it.message).filter((message) => !message.includes('(IPv6)'))).toEqual([]);
    expect(failed.map((it) => it.message).filter((message) => message.includes('(IPv4)'))).toEqual([]);
  });
});

test('a folder that names a node which does not exist ends with exit code 2 before anything starts', async () => {
  const { exitCode, stderr } = await breakwater('test', 'ingress-source', '--configs', 'examples');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('own-templates');
});

/** As a pipeline does it: the command line, its exit code, and the JUnit file. */
async function testConfigs(example: string): Promise<Outcome> {
  const file = join(folder, `${example}.xml`);
  const reporters = `junit=${file},json=${file}.json`;
  const { exitCode, stderr } = await breakwater(
    'test',
    'filtering/ingress-source',
    '--configs',
    `examples/${example}`,
    '--reporter',
    reporters,
  );
  if (!existsSync(file)) throw new Error(`exit code ${exitCode}, and no report:\n${stderr}`);
  return { exitCode, cases: casesOf(file) };
}

function breakwater(...args: readonly string[]) {
  return execa('node', ['--import', 'tsx', 'cli/main.ts', ...args], {
    cwd: root,
    reject: false,
    env: { XDG_STATE_HOME: join(folder, 'state'), XDG_RUNTIME_DIR: join(folder, 'run') },
  });
}

function casesOf(file: string): Case[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'testcase',
  });
  const { testsuites } = parser.parse(readFileSync(file, 'utf8')) as {
    testsuites: {
      testsuite: { testcase: { name: string; failure?: { message: string }; error?: { message: string } }[] };
    };
  };
  const run = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as {
    labs: { findings: { check: string; kind: string }[] }[];
  };
  const kinds = new Map(run.labs.flatMap((lab) => lab.findings).map((it) => [it.check, it.kind]));
  return testsuites.testsuite.testcase.map(({ name, failure, error }) => ({
    name,
    kind: kinds.get(name) ?? '',
    failed: failure !== undefined || error !== undefined,
    message: (failure ?? error)?.message ?? '',
  }));
}
