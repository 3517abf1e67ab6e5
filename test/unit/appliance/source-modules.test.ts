import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readModules } from '#core/appliance/source-modules.ts';
import { productFolder } from '#core/exec/paths.ts';
import { probes } from '#core/probes/registry.ts';
import { judges, moduleOfProbe, probeRegistry } from '#core/proofs/basis.ts';
import { reachable } from '#core/proofs/module-graph.ts';

const names = [...probes.keys()];

test('each probe has a file of its name', () => {
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((it) => !existsSync(join(productFolder(), moduleOfProbe(it))))).toEqual([]);
});

test('what a verdict rests on is told from the source: the judge, daemons and packages, but no reports', async () => {
  const graph = await readModules(productFolder(), [...judges, ...names.map(moduleOfProbe)], 'test');
  const common = reachable(graph, judges, [probeRegistry]);
  expect(common).toEqual(
    expect.arrayContaining([
      'core/appliance/expectation.ts',
      'core/appliance/proving-ground.ts',
      'core/checks/judge.ts',
      'core/daemons/postfix.ts',
      'core/model/plan.ts',
      'core/run/run-lab.ts',
      'core/runtime/rootless/network.ts',
      'npm:zod',
    ]),
  );
  // Whatever stands here makes each change of it a matter of all labs.
  expect(common.filter((it) => /^core\/(?:load|report|image|probes)\//.test(it))).toEqual([]);
  expect(common).not.toContain('core/appliance/appliance.ts');
  const bgp = reachable(graph, [moduleOfProbe('bgp-reset')]);
  const dns = reachable(graph, [moduleOfProbe('dns-query')]);
  expect(bgp).toContain('core/probes/bgp/segments.ts');
  expect(dns).toEqual(expect.arrayContaining(['core/probes/dns/dig.ts', 'npm:yaml']));
  expect(dns.filter((it) => it.includes('/bgp'))).toEqual([]);
});

test('a package has the version of package.json, and Node has none', async () => {
  const graph = await readModules(productFolder(), [moduleOfProbe('dns-query')], 'test');
  expect(graph.get('npm:yaml')?.id).toMatch(/^\d+\.\d+\.\d+$/);
  const packages = [...graph].filter(([name]) => name.startsWith('npm:'));
  expect(packages.filter(([name, { id }]) => id === 'unknown' || name.startsWith('npm:node'))).toEqual([]);
});

test('where there is no source its version stands for it', async () => {
  expect(await readModules('/nonexistent', ['core/a.ts'], '1.2.3')).toEqual(
    new Map([['core/a.ts', { id: '1.2.3', imports: [] }]]),
  );
});
