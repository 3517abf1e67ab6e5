import { z } from 'zod';

import type { CommandResult } from '#core/exec/command.ts';
import type { Check, Lab } from '#core/model/lab.ts';
import type { Attempt, Observation } from '#core/model/observation.ts';
import { type Plan, PlanFile } from '#core/model/plan.ts';
import { defineProbe, type Probe, type ProbeContext } from '#core/probes/probe.ts';
import type { Network, Node } from '#core/runtime/runtime.ts';

/** A network at the one seam that is made for it: nodes that are alive or down, and a restart that is told. */
export class FakeNetwork implements Network {
  readonly name = 'isp';
  readonly topology = 'isp';
  readonly topologyFile = 'isp.clab.yml';
  readonly nodes = ['pe1', 'ceb', 'remote'];
  readonly configs = 'configs';
  readonly startedAt = '2026-11-21T21:30:00.000Z';
  readonly down = new Set<string>();
  readonly restarted: (readonly string[])[] = [];
  onRestart: () => void = () => {};

  node(name: string): Node {
    const exec = (argv: readonly string[]): Promise<CommandResult> =>
      Promise.resolve({
        argv,
        exitCode: this.down.has(name) ? 127 : 0,
        stdout: '',
        stderr: '',
        durationMs: 1,
        timedOut: false,
      });
    return { name, exec, spawn: unused, shell: unused };
  }

  running(): Promise<readonly string[]> {
    return Promise.resolve(this.nodes.filter((name) => !this.down.has(name)));
  }

  restart(nodes: readonly string[]): Promise<void> {
    this.restarted.push(nodes);
    return new Promise((resolve) => {
      this.onRestart();
      resolve();
    });
  }

  recreate = unused;
  keep = unused;
  collectEdits = unused;
  destroy = unused;
}

function unused(): never {
  throw new Error('no check has business with this');
}

export const plan: Plan = PlanFile.parse({
  title: 'Three nodes',
  ases: {},
  nodes: {
    pe1: { title: 'provider edge', role: 'edge-router', side: 'isp', at: [1, 0] },
    ceb: { title: 'customer', role: 'customer-edge', side: 'customer', attacker: true, at: [2, 0] },
    remote: { title: 'remote host', role: 'host', side: 'internet', at: [0, 0] },
  },
});

export function lab(checks: readonly Check[], rest: Partial<Lab> = {}): Lab {
  const patch = { name: 'break', file: 'break.patch', title: 'Break', why: 'So', fails: [], diff: '', paths: [] };
  return {
    id: 'filtering/ingress-source',
    title: 'Customers forge their source addresses',
    summary: 'Forged packets leave.',
    controls: ['filtering/ingress-source'],
    topology: 'isp',
    nodes: ['pe1', 'ceb', 'remote'],
    mend: ['pe1'],
    minutes: 15,
    goals: ['No forged packet leaves'],
    hints: ['Look', 'Look there', 'Do this'],
    checks: [...checks],
    folder: 'labs/filtering/ingress-source',
    brief: '',
    break: patch,
    accept: [],
    reject: [],
    ...rest,
  };
}

export function check(id: string, rest: Partial<Check> = {}): Check {
  return {
    id,
    kind: 'service',
    title: `${id} holds`,
    layer: 'service',
    probe: 'fake',
    with: {},
    timeoutMs: 1000,
    ...rest,
  };
}

/** A probe of any behaviour. It touches ceb and remote. */
export function probe(
  observe: (context: ProbeContext, params: { node: string }) => Promise<Observation> | Observation,
  rest: Partial<Probe> = {},
): Probe {
  return {
    ...defineProbe({
      name: 'fake',
      summary: 'Does what the test says',
      params: z.strictObject({ node: z.string().default('ceb') }),
      nodes: ({ node }) => [node, 'remote'],
      observe: async (params, context) => observe(context, params),
    }),
    ...rest,
  };
}

export function saw(...attempts: Partial<Attempt>[]): Observation {
  return {
    attempts: attempts.map((it) => ({
      label: 'ping',
      role: 'try',
      family: 'v4',
      from: 'ceb',
      to: 'remote',
      sent: true,
      succeeded: true,
      seen: '3 of 3 replies',
      repeat: 'ping',
      ...it,
    })),
    evidence: [],
  };
}
