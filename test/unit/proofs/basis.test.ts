import { expect, test } from 'vitest';

import type { Check, Lab, LabPatch } from '#core/model/lab.ts';
import type { Plan } from '#core/model/plan.ts';
import type { Topology, TopologyNode } from '#core/model/topology.ts';
import { type Basis, basisId, judges, moduleOfProbe, probeRegistry, subjectsOf } from '#core/proofs/basis.ts';
import type { Module } from '#core/proofs/module-graph.ts';

const module = (...imports: string[]): Module => ({ id: 'as it was', imports });
const node = (name: string): TopologyNode => ({ name, env: { SERVICES: 'frr' } }) as unknown as TopologyNode;
const patch = (name: string, diff: string, fails: readonly string[] = []): LabPatch => ({
  name,
  file: `/somewhere/${name}.patch`,
  title: name,
  why: 'because',
  fails,
  diff,
  paths: [],
});
const check = (id: string, probe: string): Check => ({
  id,
  kind: 'abuse',
  title: id,
  layer: 'service',
  probe,
  with: {},
  timeoutMs: 1000,
});
const lab = (id: string, probe: string, nodes: string[]): Lab =>
  ({
    id,
    folder: '/somewhere',
    brief: 'what happened',
    nodes,
    checks: [check('attack', probe)],
    break: patch('break', '-right\n+wrong'),
    accept: [patch('other', '-wrong\n+also right')],
    reject: [patch('half', '-wrong\n+half right', ['attack']), patch('none', '-wrong\n+worse', ['attack'])],
  }) as unknown as Lab;

const mail = lab('mail/one', 'relay-mail', ['mx', 'br1']);
const names = lab('dns/two', 'dns-query', ['ns1', 'br1']);
const basis: Basis = {
  image: 'recipe',
  topology: {
    name: 'isp',
    file: '/somewhere/isp.clab.yml',
    folder: '/somewhere',
    nodes: new Map(['mx', 'ns1', 'br1', 'log'].map((it) => [it, node(it)])),
    links: [],
  } satisfies Topology,
  plan: {
    title: 'x',
    ases: {},
    customers: [],
    people: {},
    nodes: { mx: { at: [1, 1], side: 'isp' } },
  } as unknown as Plan,
  baseline: new Map([
    ['mx/etc/postfix/main.cf', 'a'],
    ['ns1/etc/bind/named.conf', 'b'],
    ['br1/etc/nftables.conf', 'c'],
    ['log/etc/rsyslog.conf', 'd'],
  ]),
  modules: new Map([
    [judges[0], module('core/checks/judge.ts', probeRegistry, 'npm:zod')],
    [judges[1], module()],
    ['core/checks/judge.ts', module()],
    [probeRegistry, module(moduleOfProbe('relay-mail'), moduleOfProbe('dns-query'))],
    [moduleOfProbe('relay-mail'), module('core/probes/mail/dialogue.ts', 'core/probes/capture.ts')],
    [moduleOfProbe('dns-query'), module('core/probes/dns/dig.ts', 'core/probes/capture.ts', 'npm:yaml')],
    ['core/probes/mail/dialogue.ts', module()],
    ['core/probes/dns/dig.ts', module()],
    ['core/probes/capture.ts', module()],
    ['npm:yaml', module()],
    ['npm:zod', module()],
  ]),
};

/** Which of both labs a change concerns. */
const concerned = (changed: Basis): string[] =>
  [mail, names].filter((it) => basisId(it, changed) !== basisId(it, basis)).map((it) => it.id);
const withModule = (name: string, change: Partial<Module> = { id: 'changed' }): Basis => ({
  ...basis,
  modules: new Map([...basis.modules, [name, { ...(basis.modules.get(name) as Module), ...change }]]),
});
/** Which configurations a change of the mail lab concerns. */
const stale = (changed: Lab): string[] => {
  const before = new Map(subjectsOf(mail, basis).map((it) => [it.name, it.id]));
  return subjectsOf(changed, basis).flatMap((it) => (before.get(it.name) === it.id ? [] : it.name));
};
const everything = ['solution', 'start', 'accept/other', 'reject/half', 'reject/none'];

test('the same content has the same id, wherever it lies and in whatever order it was read', () => {
  const elsewhere: Basis = {
    ...basis,
    topology: { ...basis.topology, file: '/elsewhere/isp.clab.yml', folder: '/elsewhere' },
    baseline: new Map([...basis.baseline].toReversed()),
    modules: new Map([...basis.modules].toReversed()),
  };
  expect(concerned(elsewhere)).toEqual([]);
  expect(stale({ ...mail, folder: '/elsewhere' })).toEqual([]);
  expect(new Set(subjectsOf(mail, basis).map((it) => it.id)).size).toBe(everything.length);
});

test('a probe, and what it alone imports, concern the labs that use it', () => {
  expect(concerned(withModule(moduleOfProbe('dns-query')))).toEqual(['dns/two']);
  expect(concerned(withModule('core/probes/mail/dialogue.ts'))).toEqual(['mail/one']);
  expect(concerned(withModule('npm:yaml'))).toEqual(['dns/two']);
});

test('a module that is shared concerns everybody who shares it', () => {
  expect(concerned(withModule('core/probes/capture.ts'))).toEqual(['mail/one', 'dns/two']);
  expect(concerned(withModule('core/checks/judge.ts'))).toEqual(['mail/one', 'dns/two']);
  expect(concerned(withModule('npm:zod'))).toEqual(['mail/one', 'dns/two']);
});

test('one more probe in the registry concerns nobody', () => {
  expect(concerned(withModule(probeRegistry))).toEqual([]);
});

test('one more import concerns those who import it, whatever it says', () => {
  expect(concerned(withModule(moduleOfProbe('relay-mail'), { imports: ['core/probes/dns/dig.ts'] }))).toEqual([
    'mail/one',
  ]);
});

test('a module that nobody read is an error, not a module that never changes', () => {
  expect(() => basisId(lab('a/b', 'no-such-probe', ['br1']), basis)).toThrow('no module core/probes/no-such-probe.ts');
});

test('a file of the baseline concerns the labs that have its node', () => {
  const withFile = (path: string): Basis => ({ ...basis, baseline: new Map([...basis.baseline, [path, 'changed']]) });
  expect(concerned(withFile('mx/etc/postfix/main.cf'))).toEqual(['mail/one']);
  expect(concerned(withFile('mx/etc/motd'))).toEqual(['mail/one']);
  expect(concerned(withFile('br1/etc/nftables.conf'))).toEqual(['mail/one', 'dns/two']);
  expect(concerned(withFile('log/etc/rsyslog.conf'))).toEqual([]);
});

test('a node of the topology concerns the labs that have it, and the plan concerns all but for its drawing', () => {
  const withNode = (name: string): Basis => ({
    ...basis,
    topology: {
      ...basis.topology,
      nodes: new Map([...basis.topology.nodes, [name, { ...node(name), env: { SERVICES: 'frr ssh' } }]]),
    },
  });
  expect(concerned(withNode('ns1'))).toEqual(['dns/two']);
  expect(concerned(withNode('log'))).toEqual([]);
  const withPlan = (change: object): Basis => ({
    ...basis,
    plan: { ...basis.plan, nodes: { mx: { ...basis.plan.nodes['mx'], ...change } } } as unknown as Plan,
  });
  expect(concerned(withPlan({ side: 'peer' }))).toEqual(['mail/one', 'dns/two']);
  expect(concerned(withPlan({ at: [2, 2] }))).toEqual([]);
});

test('the recipe of the image concerns everybody', () => {
  expect(concerned({ ...basis, image: 'another' })).toEqual(['mail/one', 'dns/two']);
});

test('a patch concerns its own configuration; the break those that begin at it; the scene all', () => {
  const [half, none] = mail.reject as [LabPatch, LabPatch];
  expect(stale({ ...mail, reject: [{ ...half, diff: '-wrong\n+a third' }, none] })).toEqual(['reject/half']);
  expect(stale({ ...mail, reject: [{ ...half, fails: ['service'] }, none] })).toEqual(['reject/half']);
  expect(stale({ ...mail, reject: [none] })).toEqual([]);
  expect(stale({ ...mail, reject: [half, none, patch('more', '+more', ['attack'])] })).toEqual(['reject/more']);
  expect(stale({ ...mail, break: patch('break', '-right\n+very wrong') })).toEqual(everything.slice(1));
  expect(stale({ ...mail, scene: patch('scene', '+a backup route') })).toEqual(everything);
});

test('what checks do concerns all configurations, and what people read concerns none', () => {
  const [attack] = mail.checks as [Check];
  expect(stale({ ...mail, checks: [{ ...attack, with: { port: 465 } }] })).toEqual(everything);
  expect(stale({ ...mail, checks: [{ ...attack, kind: 'inspection' }] })).toEqual(everything);
  expect(stale({ ...mail, nodes: [...mail.nodes, 'log'] })).toEqual(everything);
  const [half, none] = mail.reject as [LabPatch, LabPatch];
  expect(
    stale({
      ...mail,
      brief: 'told better',
      checks: [{ ...attack, title: 'said better' }],
      reject: [{ ...half, title: 'said better', why: 'as well' }, none],
    }),
  ).toEqual([]);
});
