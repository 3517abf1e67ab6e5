import { z } from 'zod';

import { InterfaceName, NodeName } from '../model/ids.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import { addressOf, type Family, type Plan } from '../model/plan.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  from: NodeName.describe('The node that calls; it uses the address by which the plan knows it'),
  to: z.array(NodeName).min(1).describe('The nodes that are called, in every family that both have'),
  ways: z
    .array(z.enum(['echo', 'fragments', 'tcp']))
    .min(1)
    .default(['echo'])
    .describe('echo: ping; fragments: ping of 3000 bytes, which arrives in pieces; tcp: a connection to `port`'),
  port: z.number().int().min(1).max(65_535).optional().describe('For `tcp`: a port where every target listens'),
  families: z
    .array(z.enum(['v4', 'v6']))
    .min(1)
    .default(['v4', 'v6'])
    .describe('Address families to try'),
  forget: z
    .array(z.strictObject({ node: NodeName, interface: InterfaceName }))
    .default([])
    .describe('Neighbour tables to flush first, so that ARP and neighbour discovery have to work too'),
  count: z.number().int().min(1).max(20).default(3).describe('Pings for each target; one answer is enough'),
});
type Params = z.infer<typeof Params>;
type Way = Params['ways'][number];

/** One thing to try, and the command that tries it. */
interface Call {
  readonly way: Way;
  readonly family: Family;
  readonly to: string;
  readonly address: string;
}

/** Legitimate use: whether hosts reach each other. All that is asked for is tried at once. */
export const reach = defineProbe({
  name: 'reach',
  summary: 'Looks whether hosts reach each other: ping, ping in fragments, TCP connection, over IPv4 and IPv6.',
  params: Params,
  nodes: ({ from, to, forget }) => [from, ...to, ...forget.map((it) => it.node)],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const calls = planCalls(params, plan);
  await Promise.all(
    params.forget.map(({ node, interface: iface }) =>
      network
        .node(node)
        .exec(['sh', '-c', `ip -4 neigh flush dev ${iface}; ip -6 neigh flush dev ${iface}`], { signal }),
    ),
  );
  const script = commandsOf(calls, params, plan);
  // Inside a pipe nobody would hear of a tool that is not there.
  const tools =
    'for tool in fping ncat; do command -v $tool >/dev/null || { echo "$tool: not found" >&2; exit 127; }; done';
  const calling = script.map((it) => `{ ${it}; } &`).join('\n');
  const { stdout } = await network.node(params.from).exec(['sh', '-c', `${tools}\n${calling}\nwait`], { signal });
  const answers = parseAnswers(stdout);
  const attempts = calls.map((call) => attemptOf(call, answers.get(keyOf(call)), params, plan));
  return {
    attempts,
    evidence: [
      {
        kind: 'transcript',
        title: `What ${params.from} reaches`,
        file: await context.keep(`reach-${params.from}.txt`, stdout),
        command: `breakwater exec ${params.from} -- sh -c "${script.join('; ')}"`,
        excerpt: stdout.trimEnd(),
      },
    ],
  };
}

/** Every way to every target in every family that both ends have. */
function planCalls({ from, to, ways, families }: Params, plan: Plan): Call[] {
  return ways.flatMap((way) =>
    families
      .filter((family) => addressOf(plan, from, family) !== undefined)
      .flatMap((family) =>
        to.flatMap((target) => {
          const address = addressOf(plan, target, family);
          return address === undefined ? [] : [{ way, family, to: target, address }];
        }),
      ),
  );
}

const fragmentedBytes = 3000;

/** One fping for each way and family, one ncat for each connection. */
function commandsOf(calls: readonly Call[], { from, port = 0, count }: Params, plan: Plan): string[] {
  const source = (family: Family): string => addressOf(plan, from, family) ?? '';
  const pings = (['echo', 'fragments'] as const).flatMap((way) =>
    (['v4', 'v6'] as const).flatMap((family) => {
      const targets = calls.filter((call) => call.way === way && call.family === family).map((call) => call.address);
      const size = way === 'fragments' ? ` -b ${fragmentedBytes}` : '';
      return targets.length === 0
        ? []
        : [
            `fping -${family.slice(1)} -q -c ${count} -p 30 -t 600${size} -S ${source(family)} ${targets.join(' ')} 2>&1 | sed 's/^/${way} /'`,
          ];
    }),
  );
  const connections = calls
    .filter((call) => call.way === 'tcp')
    .map(
      ({ address, family }) =>
        `ncat -z -w 1500ms -s ${source(family)} ${address} ${port} && echo 'tcp ${address} : open' || echo 'tcp ${address} : no connection'`,
    );
  return [...pings, ...connections];
}

/** Reads lines like `echo 192.0.2.1 : xmt/rcv/%loss = 3/3/0%, …` and `tcp 192.0.2.1 : open`: way and address → answers. */
export function parseAnswers(text: string): ReadonlyMap<string, { sent: number; answered: number }> {
  const answers = new Map<string, { sent: number; answered: number }>();
  for (const line of text.split('\n')) {
    const [, way, address, rest = ''] = /^(\w+) (\S+)\s+: (.+)$/.exec(line) ?? [];
    if (way === undefined || address === undefined) continue;
    const [, sent, answered] = /xmt\/rcv\/%loss = (\d+)\/(\d+)\//.exec(rest) ?? [];
    answers.set(
      `${way} ${address}`,
      way === 'tcp'
        ? { sent: 1, answered: rest === 'open' ? 1 : 0 }
        : { sent: Number(sent ?? 0), answered: Number(answered ?? 0) },
    );
  }
  return answers;
}

function keyOf({ way, address }: Call): string {
  return `${way} ${address}`;
}

function attemptOf(
  call: Call,
  answer: { sent: number; answered: number } | undefined,
  params: Params,
  plan: Plan,
): Attempt {
  const { from, port } = params;
  const { way, family, to, address } = call;
  const what = {
    echo: 'ping',
    fragments: `ping of ${fragmentedBytes} bytes, in fragments,`,
    tcp: `connection to port ${port}`,
  }[way];
  const { sent = 0, answered = 0 } = answer ?? {};
  return {
    label: `${what} from ${from} to ${to}`,
    role: 'try',
    family,
    from,
    to,
    sent: sent > 0,
    succeeded: answered > 0,
    seen:
      way === 'tcp'
        ? `${address} port ${port}: ${answered > 0 ? 'connected' : 'no connection'}`
        : `${address} answered ${answered} of ${sent}`,
    repeat: `breakwater exec ${from} -- ${commandsOf([call], params, plan)
      .join('')
      .replace(/ 2>&1 \| sed .*| && echo .*/, '')}`,
  };
}
