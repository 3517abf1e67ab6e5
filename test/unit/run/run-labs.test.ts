import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { LabError } from '#core/model/errors.ts';
import { Run, type RunEvent } from '#core/model/run.ts';
import type { Probe } from '#core/probes/probe.ts';
import { runLabs, type RunOptions } from '#core/run/run-labs.ts';
import { check, FakeNetwork, lab, plan, probe, saw } from './fake-lab.ts';

let results: string;
let network: FakeNetwork;
let events: RunEvent[];
beforeEach(() => {
  results = mkdtempSync(join(tmpdir(), 'breakwater-run-'));
  network = new FakeNetwork();
  events = [];
});
afterEach(() => rmSync(results, { recursive: true }));

describe('a run', () => {
  test('is kept with its evidence, and its events lead to it', async () => {
    const kept = probe(async ({ keep }) => ({
      ...saw({}),
      evidence: [{ kind: 'log', title: 'log', file: await keep('a b.log', 'text'), command: '', excerpt: '' }],
    }));
    const run = await start([check('works')], [kept]);

    expect(run.id).toBe('20261121T213000Z-abab');
    expect(Run.parse(JSON.parse(readFileSync(join(results, run.id, 'run.json'), 'utf8')))).toEqual(run);
    const [evidence] = run.labs[0]?.findings[0]?.evidence ?? [];
    expect(evidence?.file).toBe('filtering/ingress-source/works/a-b.log');
    expect(readFileSync(join(results, run.id, evidence?.file ?? ''), 'utf8')).toBe('text');
    expect(events.map((it) => it.type)).toEqual([
      'run.started',
      'lab.started',
      'check.started',
      'check.judged',
      'lab.judged',
      'run.finished',
    ]);
  });

  test('gives two runs of one second two folders', async () => {
    const bytes = [0xab, 0xab, 0xcd];
    const random = (count: number): Buffer => Buffer.alloc(count, bytes.shift() ?? 0xef);
    const one = await start([], [], { random });
    const two = await start([], [], { random });
    expect([one.id, two.id]).toEqual(['20261121T213000Z-abab', '20261121T213000Z-cdcd']);
  });

  test('that judged nothing does not pass', async () => {
    expect((await start([], [])).verdict).toBe('inconclusive');
  });

  test('begins no check while another one puts back what it changed', async () => {
    const order: string[] = [];
    const slow = probe(
      async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await sleep(100);
        order.push('put back');
        throw signal.reason;
      },
      { name: 'slow', exclusive: true, undoMs: 5000 },
    );
    const run = await start(
      [check('cut-short', { probe: 'slow', timeoutMs: 100 }), check('next', { probe: 'next' })],
      [slow, probe(() => (order.push('next'), saw({})), { name: 'next', exclusive: true })],
    );
    expect(order).toEqual(['put back', 'next']);
    expect(run.labs[0]?.findings.map((it) => it.verdict)).toEqual(['error', 'pass']);
  });

  test('restarts the nodes of a check that does not put back what it changed, or tries nothing more', async () => {
    const never = probe(async () => new Promise<never>(() => {}), { name: 'never', exclusive: true, undoMs: 50 });
    const next = probe(() => saw({}), { name: 'next', exclusive: true });
    const checks = [
      check('stuck', { probe: 'never', timeoutMs: 100 }),
      check('next', { probe: 'next', timeoutMs: 100 }),
    ];
    const given = await start(checks, [never, next], { restart: { ready: async () => {} } });
    expect(given.labs[0]?.findings.map((it) => [it.verdict, it.reason])).toEqual([
      ['error', 'no result within 0.1 s, and what was changed was not put back within 0.05 s'],
      ['pass', 'the attempt worked'],
    ]);
    expect(network.restarted).toEqual([['ceb', 'remote']]);
    const left = await start(checks, [never, next], { random: (bytes) => Buffer.alloc(bytes, 0xcd) });
    expect(left.labs[0]?.findings[1]).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('the network is unsound') as string,
    });
  });

  test('looks at lower layers first and does not try what stands on one that failed', async () => {
    const order: string[] = [];
    const tell = (name: string, observation = saw({})): Probe => probe(() => (order.push(name), observation), { name });
    const run = await start(
      [
        check('mail', { probe: 'mail' }),
        check('spoof', { probe: 'spoof', kind: 'abuse', layer: 'link' }),
        check('session', { probe: 'session', layer: 'route' }),
        check('cable', { probe: 'cable', layer: 'link' }),
      ],
      [
        tell('mail'),
        tell('spoof', saw({ succeeded: true })),
        tell('session', saw({ succeeded: false })),
        tell('cable'),
      ],
    );
    expect(order).toEqual(['spoof', 'cable', 'session']);
    expect(run.labs[0]?.findings.map(({ check: id, verdict, reason }) => [id, verdict, reason])).toEqual([
      ['mail', 'inconclusive', 'not tried: `session` failed below it'],
      ['spoof', 'fail', 'the only attempt got through: ping (IPv4)'],
      ['session', 'fail', 'the only attempt did not work: ping (IPv4)'],
      ['cable', 'pass', 'the attempt worked'],
    ]);
    expect(run.verdict).toBe('fail');
  });

  test('runs checks of a layer side by side up to its limit, and exclusive ones alone and last', async () => {
    const running = new Set<string>();
    const beside: Record<string, number> = {};
    const slow = (name: string, exclusive = false): Probe =>
      probe(
        async () => {
          running.add(name);
          await sleep(20);
          beside[name] = running.size;
          running.delete(name);
          return saw({});
        },
        { name, exclusive },
      );
    const names = ['a', 'b', 'alone', 'c', 'd'];
    await start(
      names.map((it) => check(it, { probe: it })),
      names.map((it) => slow(it, it === 'alone')),
      { concurrency: 2 },
    );
    expect(Math.max(beside['a'] ?? 0, beside['b'] ?? 0)).toBe(2);
    expect(Math.max(...Object.values(beside))).toBe(2);
    expect(beside['alone']).toBe(1);
    const judged = events.flatMap((it) => (it.type === 'check.judged' ? [it.finding.check] : []));
    expect(judged.at(-1)).toBe('alone');
  });

  test('ends at once when it is cancelled, is kept all the same, and does not pass', async () => {
    const controller = new AbortController();
    const cancels = probe(async ({ signal }) => {
      controller.abort();
      await sleep(10_000, undefined, { signal });
      return saw({});
    });
    const checks = [check('first', { layer: 'link', probe: 'good' }), check('second'), check('third')];
    const run = await start(checks, [probe(() => saw({}), { name: 'good' }), cancels], {
      signal: controller.signal,
      concurrency: 1,
    });
    expect(run).toMatchObject({ interrupted: true, verdict: 'inconclusive' });
    expect(run.labs[0]?.findings.map((it) => it.reason)).toEqual([
      'the attempt worked',
      'not tried: the run was interrupted',
      'not tried: the run was interrupted',
    ]);
    expect(events.at(-1)?.type).toBe('run.finished');
    expect(readFileSync(join(results, run.id, 'run.json'), 'utf8')).toContain('"interrupted": true');
  });

  test('that is cancelled between labs does not pass either', async () => {
    const controller = new AbortController();
    const run = await start([check('works')], [probe(() => saw({}))], {
      labs: [lab([check('works')]), lab([check('works')], { id: 'mail/open-relay' })],
      signal: controller.signal,
      listener: (event) => event.type === 'lab.judged' && controller.abort(),
    });
    expect(run).toMatchObject({ interrupted: true, verdict: 'inconclusive' });
    expect(run.labs).toHaveLength(1);
  });
});

test('each lab finds the network as it was prepared for it', async () => {
  let scene = '';
  const seen: string[] = [];
  const looks = probe(() => (seen.push(scene), saw({})));
  await start([check('works')], [looks], {
    labs: [lab([check('works')]), lab([check('works')], { id: 'mail/open-relay' })],
    prepare: ({ id }) => {
      scene = id;
      return Promise.resolve([]);
    },
  });
  expect(seen).toEqual(['filtering/ingress-source', 'mail/open-relay']);
});

describe('after a restart', () => {
  const ready = { ready: () => Promise.resolve() };

  test('what holds again is kept', async () => {
    const run = await start([check('works')], [probe(() => saw({}))], { restart: ready });
    expect(network.restarted).toEqual([['pe1']]);
    expect(run).toMatchObject({ verdict: 'pass', labs: [{ persistence: 'kept' }] });
    expect(run.labs[0]?.afterRestart).toHaveLength(1);
  });

  test('what no longer holds is lost, and the lab fails', async () => {
    const run = await start([check('works')], [probe(() => saw({ succeeded: network.restarted.length === 0 }))], {
      restart: ready,
    });
    expect(run).toMatchObject({ verdict: 'fail', labs: [{ verdict: 'fail', persistence: 'lost' }] });
  });

  test('evidence of the first look is still there', async () => {
    const keeps = probe(async ({ keep }) => ({
      ...saw({}),
      evidence: [{ kind: 'log', title: 'log', file: await keep('x.log', ''), command: '', excerpt: '' }],
    }));
    const run = await start([check('works')], [keeps], { restart: ready });
    const files = [...(run.labs[0]?.findings ?? []), ...(run.labs[0]?.afterRestart ?? [])].map(
      (it) => it.evidence[0]?.file,
    );
    expect(files).toEqual(['filtering/ingress-source/works/x.log', 'filtering/ingress-source/works/restarted/x.log']);
  });

  test('nobody looks when there was nothing to confirm', async () => {
    const run = await start([check('works')], [probe(() => saw({ succeeded: false }))], { restart: ready });
    expect(network.restarted).toEqual([]);
    expect(run.labs[0]?.persistence).toBe('not-tried');
  });

  test('a network that is not ready is judged all the same: the checks are about to say why', async () => {
    const notReady = { ready: () => Promise.reject(new LabError('not-ready', 'pe1: frr does not answer')) };
    const run = await start([check('works')], [probe(() => saw({ succeeded: network.restarted.length === 0 }))], {
      restart: notReady,
    });
    expect(events).toContainEqual({ type: 'progress', message: 'pe1: frr does not answer; checking all the same' });
    expect(run.labs[0]?.persistence).toBe('lost');
  });

  test('a restart that did not happen is one error, never a pass', async () => {
    network.onRestart = () => {
      throw new LabError('command-failed', 'crun said no');
    };
    const run = await start([check('works'), check('serves')], [probe(() => saw({}))], { restart: ready });
    expect(run).toMatchObject({ verdict: 'error', labs: [{ persistence: 'not-tried' }] });
    expect(run.labs[0]?.afterRestart.map((it) => it.verdict)).toEqual(['error', 'inconclusive']);
  });
});

describe('the seed', () => {
  const drawing = (drawn: number[]): Probe =>
    probe(({ draws }) => {
      drawn.push(draws.below(2 ** 48));
      return saw({});
    });

  test('that is given again draws the same values again, also after a restart', async () => {
    const drawn: number[] = [];
    const checks = [check('works')];
    const run = await start(checks, [drawing(drawn)], { seed: 7, restart: { ready: async () => {} } });
    for (const seed of [7, 8]) await start(checks, [drawing(drawn)], { seed, now: () => new Date(seed * 1000) });
    expect(run.seed).toBe(7);
    expect(drawn).toHaveLength(4);
    expect(new Set(drawn.slice(0, 3)).size).toBe(1);
    expect(drawn[3]).not.toBe(drawn[0]);
  });

  test('gives each check values of its own, and is drawn and told when nobody gave one', async () => {
    const drawn: number[] = [];
    const run = await start([check('works'), check('serves')], [drawing(drawn)]);
    expect(run.seed).toBe(0xabababab);
    expect(new Set(drawn).size).toBe(2);
  });
});

function start(
  checks: Parameters<typeof lab>[0],
  probes: readonly Probe[],
  rest: Partial<RunOptions> = {},
): Promise<Run> {
  return runLabs({
    labs: checks.length === 0 ? [] : [lab(checks)],
    network,
    plan,
    probes: new Map(probes.map((it) => [it.name, it])),
    results,
    tool: 'breakwater 0.1.0',
    runtime: 'fake',
    subject: 'workspace',
    signal: new AbortController().signal,
    now: () => new Date('2026-11-21T21:30:00Z'),
    clock: () => 0,
    random: (bytes) => Buffer.alloc(bytes, 0xab),
    ...rest,
    listener: (event) => {
      events.push(event);
      rest.listener?.(event);
    },
  });
}

describe('what daemons said of their files', () => {
  const down = {
    node: 'ceb',
    daemon: 'named',
    severity: 'down',
    file: 'ceb/etc/bind/named.conf',
    line: 7,
    message: "option 'x' no longer exists",
  } as const;
  const refused = { ...down, daemon: 'frr', severity: 'refused' } as const;

  test('fails the lab, though every check passes, and nothing is restarted for it', async () => {
    const restart = { ready: () => Promise.reject(new Error('restarted')) };
    const run = await start([check('works')], [probe(() => saw({}))], { diagnostics: [refused], restart });
    expect(run.verdict).toBe('fail');
    expect(run.diagnostics).toEqual([refused]);
    expect(run.labs[0]?.findings[0]?.verdict).toBe('pass');
  });

  test('a check on a node whose daemon is down is not tried, and says so in one sentence', async () => {
    const looks = probe(() => Promise.reject(new Error('it was tried')));
    const run = await start([check('works')], [looks], { diagnostics: [down] });
    expect(run.verdict).toBe('fail');
    expect(run.labs[0]?.findings[0]).toMatchObject({
      verdict: 'inconclusive',
      reason: 'not tried: named on ceb does not run',
    });
  });

  test('who cannot look because of it is no error of ours', async () => {
    const looks = probe(() => Promise.reject(new LabError('timeout', 'no result within 1 s')));
    const run = await start([check('works')], [looks], { diagnostics: [refused] });
    expect(run.verdict).toBe('fail');
    expect(run.labs[0]?.findings[0]).toMatchObject({
      verdict: 'inconclusive',
      reason: 'frr on ceb did not take this, so this could not be seen: no result within 1 s',
    });
  });

  test('of a node that the lab does not use, and a warning, decide nothing', async () => {
    const elsewhere = { ...down, node: 'irr' };
    const warning = { ...refused, severity: 'warning' } as const;
    const run = await start([check('works')], [probe(() => saw({}))], { diagnostics: [elsewhere, warning] });
    expect(run.verdict).toBe('pass');
  });

  test('is told once, before the lab that it is about', async () => {
    const told: string[] = [];
    await start([check('works')], [probe(() => saw({}))], {
      labs: [lab([check('works')]), lab([check('works')], { id: 'mail/open-relay' })],
      prepare: () => Promise.resolve([refused]),
      listener: (event) => told.push(event.type),
    });
    expect(told.filter((it) => it === 'run.diagnosed')).toHaveLength(1);
    expect(told.indexOf('run.diagnosed')).toBeLessThan(told.indexOf('lab.started'));
  });
});
