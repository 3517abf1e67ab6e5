import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { type CheckDeps, runCheck } from '#core/checks/check.ts';
import { LabError } from '#core/model/errors.ts';
import type { Finding } from '#core/model/run.ts';
import type { Probe } from '#core/probes/probe.ts';
import { check, FakeNetwork, lab, plan, probe, saw } from '../run/fake-lab.ts';

describe('a check', () => {
  test('judges what its probe saw and says how long it took', async () => {
    let now = 0;
    const finding = await run(
      probe(() => saw({})),
      { clock: () => (now += 21) },
    );
    expect(finding).toMatchObject({
      lab: 'filtering/ingress-source',
      check: 'reaches',
      control: 'filtering/ingress-source',
      verdict: 'pass',
      reason: 'the attempt worked',
      durationMs: 21,
    });
  });

  test('gives its probe a nonce, a place for evidence, and its parameters with their defaults', async () => {
    const finding = await run(
      probe(async ({ nonce, keep, kind }, params) => ({
        ...saw({ seen: `${nonce} ${kind} ${params.node}` }),
        evidence: [{ kind: 'log', title: 'log', file: await keep('x.log', 'x'), command: '', excerpt: '' }],
      })),
    );
    expect(finding.attempts[0]?.seen).toBe('cafe service ceb');
    expect(finding.evidence[0]?.file).toBe('kept/x.log');
  });

  test('is one error when nodes that it needs are down, and its probe never runs', async () => {
    const network = new FakeNetwork();
    network.down.add('ceb').add('remote');
    const finding = await run(
      probe(() => expect.unreachable()),
      { network },
    );
    expect(finding).toMatchObject({
      verdict: 'error',
      reason: 'ceb, remote are not running, and this check needs them (breakwater status)',
      attempts: [],
    });
  });

  test('is an error when a tool of its probe is not on the node, whatever the probe makes of that', async () => {
    const network = new FakeNetwork();
    const finding = await run(
      probe(async ({ network: seen }) => {
        network.down.add('ceb');
        await seen.node('ceb').exec(['hping3', '--flood']);
        return saw({});
      }),
      { network },
    );
    expect(finding).toMatchObject({
      verdict: 'error',
      reason: 'ceb lacks a program: hping3 --flood (breakwater image build)',
    });
  });

  test('is an error when a node is not part of the network', async () => {
    const finding = await run(
      probe(() => expect.unreachable()),
      {},
      { with: { node: 'mx' } },
    );
    expect(finding.reason).toBe('mx is not running, and this check needs it (breakwater status)');
  });

  test('is an error with the reason and the next step when its tool is missing', async () => {
    const finding = await run(
      probe(() => {
        throw new LabError('missing-tool', 'nping is not in the image', { hint: 'breakwater image build' });
      }),
    );
    expect(finding).toMatchObject({ verdict: 'error', reason: 'nping is not in the image (breakwater image build)' });
    expect(finding.evidence).toEqual([]);
  });

  test('keeps as evidence what is longer than one line', async () => {
    const kept = new Map<string, string>();
    const finding = await run(
      probe(() => {
        throw new LabError('command-failed', 'exit code 1: nft -f x\nx:3:1 syntax error');
      }),
      { keep: (name, content) => Promise.resolve((kept.set(name, String(content)), name)) },
    );
    expect(finding.reason).toBe('exit code 1: nft -f x');
    expect(kept.get('error.txt')).toContain('x:3:1 syntax error');
  });

  test('owns up to a bug in a probe and keeps its stack', async () => {
    const finding = await run(
      probe(() => {
        throw new TypeError('x is undefined');
      }),
    );
    expect(finding).toMatchObject({
      verdict: 'error',
      reason: 'the probe fake broke, which is a fault of ours: x is undefined',
    });
    expect(finding.evidence[0]?.excerpt).toContain('check.test.ts');
  });

  test('is an error at its deadline, after its probe has put things back', async () => {
    let undone = false;
    const finding = await run(
      probe(async ({ signal }) => {
        try {
          await sleep(10_000, undefined, { signal });
        } finally {
          await sleep(20);
          undone = true;
        }
        return saw();
      }),
      {},
      { timeoutMs: 100 },
    );
    expect(finding).toMatchObject({ verdict: 'error', reason: 'no result within 0.1 s' });
    expect(undone).toBe(true);
  });

  test('takes no result from a probe that was cut short by its deadline', async () => {
    const finding = await run(
      probe(async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return saw({ succeeded: false });
      }),
      {},
      { kind: 'abuse', timeoutMs: 100 },
    );
    expect(finding).toMatchObject({ verdict: 'error', reason: 'no result within 0.1 s' });
  });

  test('throws when it is cancelled', async () => {
    const controller = new AbortController();
    const started = run(
      probe(async ({ signal }) => {
        controller.abort();
        await sleep(10_000, undefined, { signal });
        return saw();
      }),
      { signal: controller.signal },
    );
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    const before = run(
      probe(() => expect.unreachable()),
      { signal: controller.signal },
    );
    await expect(before).rejects.toMatchObject({ code: 'cancelled' });
  });
});

function run(it: Probe, deps: Partial<CheckDeps> = {}, rest: Parameters<typeof check>[1] = {}): Promise<Finding> {
  const one = check('reaches', rest);
  return runCheck(one, lab([one]), {
    network: new FakeNetwork(),
    plan,
    probes: new Map([['fake', it]]),
    signal: new AbortController().signal,
    draws: { below: () => 0 },
    nonce: () => 'cafe',
    clock: () => 0,
    keep: (name) => Promise.resolve(`kept/${name}`),
    ...deps,
  });
}
