import { z } from 'zod';

import { LabError } from '../../model/errors.ts';
import { NodeName } from '../../model/ids.ts';
import type { Attempt, Evidence } from '../../model/observation.ts';
import type { Family } from '../../model/plan.ts';
import type { Network } from '../../runtime/runtime.ts';
import { addressesOf } from '../addresses-of.ts';
import { pollUntil } from '../capture.ts';
import { curlCommand, fetchPage } from '../document/fetch.ts';
import { holdDialogues } from '../mail/dialogue.ts';
import { type Letter, swaksCommand } from '../mail/letter.ts';
import { submitterOf } from '../mail/submitter.ts';
import { tieRemoval } from '../mail/trace.ts';
import type { ProbeContext } from '../probe.ts';
import { type Place, readRegister, type Register } from './register.ts';

const tool = '/usr/lib/breakwater/attacks/find-traces';

export const Person = z.strictObject({
  from: NodeName.describe('Where the person is'),
  visits: z.url().describe('The web page that is visited'),
  writes: z
    .strictObject({
      server: NodeName.describe('The mail server that takes the letter'),
      sender: z.email().describe('MAIL FROM'),
      recipient: z.email().describe('RCPT TO'),
    })
    .describe('The letter that is written'),
  asks: z
    .strictObject({
      resolver: NodeName.describe('The name server that is asked'),
      below: z.hostname().describe('The domain of the name that is asked for'),
    })
    .describe('The name that is looked up'),
});
export type Person = z.infer<typeof Person>;

export const RegisterFile = z.strictObject({
  node: NodeName.describe('The node where it lies'),
  file: z.string().startsWith('/etc/').describe('The file, in YAML'),
});

/** Something that the person did, and by which he left traces. */
export interface Use {
  readonly kind: 'visit' | 'letter' | 'question';
  readonly label: string;
  readonly family: Family;
  readonly from: string;
  readonly to: string;
  readonly worked: boolean;
  readonly seen: string;
  readonly repeat: string;
  readonly token: string;
}

/** A file in which traces of the person were found, and the lines that hold them. */
export interface Trace extends Place {
  readonly lines: readonly string[];
}

/** What the tool says of one machine. */
export const Found = z.array(z.strictObject({ path: z.string(), lines: z.array(z.string()) }));

/** What machines call themselves while their jobs run, so that all mail of theirs is found: no trace of the person. */
export function markOf(nonce: string): string {
  return [...nonce].toReversed().join('');
}

/**
 * The person uses the provider's services over both families, and from then on can be found by the nonce. Mail that
 * holds it, or the mark, is deleted on `nodes` when the returned function is called, and also when this process dies.
 */
export async function leaveTraces(
  person: Person,
  nodes: readonly string[],
  context: ProbeContext,
): Promise<{ uses: Use[]; release: () => Promise<void> }> {
  const { network, nonce } = context;
  const release = await tieRemoval(network, nodes, nonce, `${tool} --remove ${nonce} ${markOf(nonce)}`);
  try {
    const uses = await Promise.all([visit(person, context), write(person, context), ask(person, context)]);
    return { uses: uses.flat(), release };
  } catch (error) {
    await release();
    throw error;
  }
}

const families = ['v4', 'v6'] as const;

function visit({ from, visits }: Person, { network, nonce, signal }: ProbeContext): Promise<Use[]> {
  return Promise.all(
    families.map(async (family): Promise<Use> => {
      const token = `${nonce}-visit${family}`;
      const url = `${visits}?${token}`;
      const page = await fetchPage(network, { from, family, url }, signal);
      return {
        kind: 'visit',
        label: 'somebody visits the web site',
        family,
        from,
        to: visits,
        worked: page.status === 200,
        seen: page.status === 0 ? page.trouble || 'no answer' : `${page.status} ${page.type}`,
        repeat: curlCommand(page),
        token,
      };
    }),
  );
}

async function write({ from, writes }: Person, context: ProbeContext): Promise<Use[]> {
  const { plan, nonce } = context;
  const { server, sender, recipient } = writes;
  const letters = addressesOf(plan, server).map(({ family, address }): Letter => {
    const helo = plan.nodes[from]?.names[0] ?? `${from}.invalid`;
    return {
      token: `${nonce}-letter${family}`,
      from,
      server,
      family,
      host: address,
      port: 25,
      helo,
      sender,
      recipient,
    };
  });
  return (await holdDialogues(context, letters)).map(({ letter, outcome, reply }) => ({
    kind: 'letter',
    label: 'somebody writes a letter',
    family: letter.family,
    from,
    to: recipient,
    worked: outcome === 'accepted',
    seen: `${outcome}: ${reply}`,
    repeat: swaksCommand(letter),
    token: letter.token,
  }));
}

function ask({ from, asks }: Person, { network, plan, nonce, signal }: ProbeContext): Promise<Use[]> {
  return Promise.all(
    addressesOf(plan, asks.resolver).map(async ({ family, address }): Promise<Use> => {
      const token = `${nonce}-name${family}`;
      const argv = ['dig', `@${address}`, '+time=2', '+tries=2', `${token}.${asks.below}`];
      const { stdout } = await network.node(from).exec(argv, { signal });
      const status = /status: (\w+)/.exec(stdout)?.[1];
      return {
        kind: 'question',
        label: 'somebody looks up a name',
        family,
        from,
        to: address,
        // That there is no such name is an answer: somebody looked.
        worked: status === 'NOERROR' || status === 'NXDOMAIN',
        seen: status ?? 'no answer',
        repeat: `breakwater exec ${from} -- ${argv.join(' ')}`,
        token,
      };
    }),
  );
}

/** What the person did, as attempts that have to work. */
export function attemptOfUse({ label, family, from, to, worked, seen, repeat }: Use, role: Attempt['role']): Attempt {
  return { label, role, family, from, to, sent: true, succeeded: worked, seen, repeat };
}

export async function findTraces(
  network: Network,
  machines: readonly string[],
  words: readonly string[],
  signal: AbortSignal,
): Promise<Trace[]> {
  const found = await Promise.all(
    machines.map(async (machine) => {
      const files = Found.parse(await runTool(network, machine, [tool, ...words], signal));
      return files.map((it) => ({ machine, ...it }));
    }),
  );
  return found.flat();
}

/** Looks until nothing is under way any more: no queue is at work, and two looks find the same. */
export async function settledTraces(
  machines: readonly string[],
  words: readonly string[],
  { network, signal }: ProbeContext,
): Promise<Trace[]> {
  let traces: Trace[] = [];
  let known = '';
  await pollUntil(
    async () => {
      const busy = await Promise.all(machines.map((machine) => hasMailUnderWay(network, machine, signal)));
      traces = await findTraces(network, machines, words, signal);
      const before = known;
      known = JSON.stringify(traces);
      return known === before && !busy.includes(true);
    },
    5000,
    100,
  );
  return traces;
}

async function hasMailUnderWay(network: Network, machine: string, signal: AbortSignal): Promise<boolean> {
  const queues = 'cd /var/spool/postfix 2>/dev/null && find maildrop incoming active -type f';
  return (await network.node(machine).exec(['sh', '-c', queues], { signal })).stdout.trim() !== '';
}

/** Which of the paths with wildcards lead to something on the machine. */
export async function existingPaths(
  network: Network,
  machine: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  return z.array(z.string()).parse(await runTool(network, machine, [tool, '--exist', ...paths], signal));
}

/** @throws LabError when the tool could not look */
async function runTool(
  network: Network,
  machine: string,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<unknown> {
  const { stdout, stderr, exitCode } = await network.node(machine).exec(argv, { signal });
  if (exitCode !== 0) throw new LabError('command-failed', `${argv[0]} on ${machine}: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

/** The register as it lies on its node, or why there is none. */
export async function fetchRegister(
  { node, file }: z.infer<typeof RegisterFile>,
  { network, plan, signal }: ProbeContext,
): Promise<{ register: Register | string; text: string }> {
  const { stdout, exitCode } = await network.node(node).exec(['cat', file], { signal });
  const hosts = new Map(
    Object.entries(plan.nodes).flatMap(([name, it]) => it.names.map((host) => [host.toLowerCase(), name])),
  );
  return { register: exitCode === 0 ? readRegister(stdout, hosts) : 'it is not there', text: stdout };
}

/**
 * Who it was, as somebody who handles a complaint finds it in lines of logs: the address beside the trace of a visit,
 * the client that handed in the letter. Pure.
 */
export function isTold(
  { kind, token, family, from }: Use,
  lines: readonly string[],
  plan: ProbeContext['plan'],
): boolean {
  const address = addressesOf(plan, from).find((it) => it.family === family)?.address;
  return kind === 'letter'
    ? submitterOf(lines, token)?.address === address
    : lines.some((line) => line.includes(token) && line.split(/[\s[\]",]+/).some((word) => word === address));
}

export async function tracesEvidence(
  title: string,
  name: string,
  traces: readonly Trace[],
  { keep, nonce }: ProbeContext,
): Promise<Evidence> {
  const text = traces.map(({ machine, path, lines }) =>
    [`${machine}:${path}`, ...lines.map((it) => `  ${it}`)].join('\n'),
  );
  const first = traces[0]?.machine;
  return {
    kind: 'table',
    title,
    file: await keep(`${name}.txt`, `${text.join('\n')}\n`),
    command: first === undefined ? '' : `breakwater exec ${first} -- ${tool} ${nonce}`,
    excerpt: traces.length === 0 ? '(nothing)' : traces.map(({ machine, path }) => `${machine}:${path}`).join('\n'),
  };
}
