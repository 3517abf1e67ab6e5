import { randomBytes, randomInt } from 'node:crypto';

import pLimit from 'p-limit';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Appliance, openAppliance } from '#core/appliance/appliance.ts';
import { applyChanges } from '#core/appliance/apply-changes.ts';
import { awaitReady } from '#core/appliance/ready.ts';
import { openTransientNetwork, type TransientNetwork } from '#core/appliance/transient.ts';
import { solutionOf, treesOf } from '#core/appliance/trees.ts';
import { runCheck } from '#core/checks/check.ts';
import { forgetClients } from '#core/daemons/forget.ts';
import { recorderOf, toolsAmong } from '#core/faults/usage.ts';
import type { Check, Lab } from '#core/model/lab.ts';
import type { Finding } from '#core/model/run.ts';
import { probes } from '#core/probes/registry.ts';
import type { Network } from '#core/runtime/runtime.ts';
import { drawsFrom } from '#core/run/draws.ts';
import type { TreeId } from '#core/workspace/store.ts';

/**
 * Labs on one deployment of the whole hardened ISP. The baseline passes every check of theirs; no check passes where
 * it could not see; and whatever was switched on in between, the baseline passes again. A run draws half of the labs,
 * and says which: those that failed can be named in BREAKWATER_LABS, by their ids and blanks; `all` takes all.
 */

const named = process.env['BREAKWATER_LABS'];
const switches = Number(process.env['BREAKWATER_SWITCHES'] ?? 4);
/** Whose checks are asked after that: of the labs switched to, and of others. */
const askedAgain = Number(process.env['BREAKWATER_ASKED_AGAIN'] ?? 8);

interface Tried {
  readonly lab: Lab;
  readonly check: Check;
  /** Programs that the probe called, by node. */
  readonly tools: ReadonlyMap<string, ReadonlySet<string>>;
}

let appliance: Appliance;
let isp: TransientNetwork;
let labs: readonly Lab[] = [];
const tried: Tried[] = [];

beforeAll(async () => {
  appliance = await openAppliance('test');
  await appliance.image();
  labs = drawn([...appliance.labs.values()]);
  isp = await openTransientNetwork(appliance, {
    purpose: 'labs-test',
    nodes: [...appliance.topology.nodes.keys()],
    tree: async (workspace) => workspace.importTree(await appliance.baseline()),
  });
}, 600_000);

afterAll(async () => isp?.close());

test('the baseline passes every check of the labs', { timeout: 900_000 }, async () => {
  const failures: string[] = [];
  const began = performance.now();
  tried.length = 0; // This may be a second try.
  const tools = new Map<Check, ReadonlyMap<string, ReadonlySet<string>>>();
  for (const lab of labs)
    await inItsScene(lab, async (check) => {
      const recorder = recorderOf(isp.network);
      const finding = await look(check, lab, recorder.network);
      if (finding.verdict !== 'pass') failures.push(told(finding));
      tools.set(check, await toolsAmong(isp.network, recorder.words));
    });
  for (const lab of labs) for (const check of lab.checks) tried.push({ lab, check, tools: tools.get(check)! });
  process.stdout.write(
    `${tried.length} checks of ${labs.length} labs on one deployment in ${seconds(began)}, four side by side: ${labs.map((it) => it.id).join(' ')}\n`,
  );
  report(failures);
  expect(failures).toEqual([]);
  expect(tried.length).toBeGreaterThanOrEqual(labs.length * 2);
});

test('no check passes when its tools are gone', { timeout: 900_000 }, async () => {
  const all = new Map<string, Set<string>>();
  for (const { tools } of tried)
    for (const [node, names] of tools) all.set(node, new Set([...(all.get(node) ?? []), ...names]));
  await onEach(all, ([node, tools]) => [node, `for tool in ${[...tools].join(' ')}; do mv "$tool" "$tool.gone"; done`]);
  try {
    expect(await passes(tried)).toEqual([]);
  } finally {
    await onEach(all, ([node, tools]) => [
      node,
      `for tool in ${[...tools].join(' ')}; do mv "$tool.gone" "$tool"; done`,
    ]);
  }
});

test('no check passes when its capture dies', { timeout: 900_000 }, async () => {
  const capturing = tried.filter(({ tools }) => [...tools.values()].some((names) => names.has('/usr/bin/tcpdump')));
  expect(named !== undefined || capturing.length > 5, 'some of them capture').toBe(true);
  const nodes = new Set(capturing.flatMap(({ tools }) => [...tools.keys()]));
  // It dies as soon as it listens, and says so all the same.
  const mortal = `#!/bin/sh
said=$(mktemp)
tcpdump.gone "$@" 2>"$said" & until grep -q "listening on" "$said"; do sleep 0.01; done
kill -KILL $!; cat "$said" >&2`;
  await onEach(nodes, (node) => [
    node,
    `cd /usr/bin && mv tcpdump tcpdump.gone && printf '%s' '${mortal}' >tcpdump && chmod 0755 tcpdump`,
  ]);
  try {
    expect(await passes(capturing)).toEqual([]);
  } finally {
    await onEach(nodes, (node) => [node, 'mv /usr/bin/tcpdump.gone /usr/bin/tcpdump']);
  }
});

test(`after ${switches} labs in random order the baseline passes again`, { timeout: 3_600_000 }, async () => {
  const draw = (): Lab => labs[randomInt(labs.length)]!;
  const order = Array.from({ length: switches }, draw);
  const asked = new Set(order);
  while (asked.size < Math.min(askedAgain, labs.length)) asked.add(draw());
  process.stdout.write(`in this order: ${order.map((it) => it.id).join(' ')}\n`);
  for (const lab of [...order, undefined]) {
    const { start } = await treesOf(appliance, isp.workspace, lab);
    await layOut(start, `switch to ${lab?.id ?? 'the baseline'}`);
  }
  const failures: string[] = [];
  for (const lab of asked)
    await inItsScene(lab, async (check) => {
      const finding = await look(check, lab, isp.network);
      if (finding.verdict !== 'pass') failures.push(told(finding));
    });
  report(failures);
  expect(failures).toEqual([]);
});

// Last, because a node that is gone took its links along.
test('no check passes when a node that it needs is stopped', { timeout: 900_000 }, async () => {
  for (const node of new Set(tried.map(targetOf))) {
    const those = tried.filter((it) => targetOf(it) === node);
    // tini hands it on, and the node ends with what it waits for.
    await isp.network.node(node).exec(['kill', '-TERM', '1']);
    await ended(node);
    expect(await passes(those), `${node} is stopped`).toEqual([]);
  }
});

/** Half of them, by chance, or those that are named. */
function drawn(all: Lab[]): readonly Lab[] {
  if (named === 'all') return all;
  if (named !== undefined) return all.filter((it) => named.split(' ').includes(it.id));
  const left = [...all];
  return Array.from({ length: Math.ceil(all.length / 2) }, () => left.splice(randomInt(left.length), 1)[0]!);
}

/** Under the circumstances that the lab is about; side by side what changes nothing, as in a run of the lab. */
async function inItsScene(lab: Lab, ask: (check: Check) => Promise<void>): Promise<void> {
  const baseline = await isp.workspace.importTree(await appliance.baseline());
  await layOut(await solutionOf(isp.workspace, baseline, lab), `the scene of ${lab.id}`);
  await forgetClients(isp.network, lab.nodes);
  const limit = pLimit(4);
  const alone = lab.checks.filter((it) => probes.get(it.probe)?.exclusive === true);
  const together = lab.checks.filter((it) => !alone.includes(it));
  await Promise.all(together.map((check) => limit(async () => ask(check))));
  for (const check of alone) await ask(check);
}

async function layOut(tree: TreeId, why: string): Promise<void> {
  const changes = await isp.workspace.checkout(tree, why);
  const nodes = await applyChanges(isp.network, changes);
  if (nodes.length > 0) await awaitReady(isp.network, appliance.plan, { nodes });
}

function look(check: Check, lab: Lab, network: Network): Promise<Finding> {
  return runCheck(check, lab, {
    network,
    plan: appliance.plan,
    probes,
    signal: new AbortController().signal,
    draws: drawsFrom(1, check.id),
    nonce: () => randomBytes(8).toString('hex'),
    clock: () => performance.now(),
    keep: async (name) => name,
  });
}

/** Checks that came to a verdict about the network where only `inconclusive` and `error` are honest. */
async function passes(those: readonly Tried[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { check, lab } of those) {
    const finding = await look(check, lab, isp.network);
    if (finding.verdict === 'pass' || finding.verdict === 'fail') wrong.push(told(finding));
  }
  return wrong;
}

/** At once: the end of the ring is minutes away. */
function report(failures: readonly string[]): void {
  for (const failure of failures) process.stdout.write(`${failure}\n`);
}

/** With what was seen of whatever leaves a check without a verdict. */
function told({ lab, check, verdict, reason, attempts }: Finding): string {
  const doubtful = attempts.filter((it) => !it.sent || (it.role === 'canary' && !it.succeeded));
  return [`${lab} ${check}: ${verdict}, ${reason}`, ...doubtful.slice(0, 5).map((it) => it.seen)].join('; ');
}

function targetOf({ check }: Tried): string {
  const probe = probes.get(check.probe)!;
  return probe.nodes(probe.params.parse(check.with), appliance.plan).at(-1)!;
}

async function onEach<T>(
  things: Iterable<T>,
  script: (thing: T) => readonly [node: string, script: string],
): Promise<void> {
  for (const thing of things) {
    const [node, text] = script(thing);
    const { exitCode, stderr } = await isp.network.node(node).exec(['sh', '-ec', text]);
    expect(stderr + exitCode, node).toBe('0');
  }
}

async function ended(node: string): Promise<void> {
  await expect
    .poll(async () => (await isp.network.node(node).exec(['true'])).exitCode, { timeout: 10_000 })
    .not.toBe(0);
}

function seconds(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
