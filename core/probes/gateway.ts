import { z } from 'zod';

import type { Attempt, Observation } from '../model/observation.ts';
import { addressOf, type Family, familyOf, type Plan } from '../model/plan.ts';
import { addressesOfNode, type CustomerPort, customerPorts } from './packets/ports.ts';
import { placesOf } from '../model/places.ts';
import { canonicalAddress } from '../model/ip.ts';
import { defineProbe, type ProbeContext } from './probe.ts';
import { parseAnswers } from './reach.ts';

const Params = z.strictObject({
  count: z.number().int().min(1).max(20).default(3).describe('Pings of each kind; one answer is enough'),
});
type Params = z.infer<typeof Params>;

/** What is heard of a gateway: the provider's end of the customer's link. */
interface Question {
  readonly from: string;
  readonly to: string;
  readonly way: 'echo' | 'fragments' | 'trace';
  readonly family: Family;
  /** Whom it asks, and for a trace whom it looks for on the way. */
  readonly address: string;
  /** The addresses by which the gateway may answer: a router that speaks for its loopback is the same router. */
  readonly gateway: readonly string[];
  readonly command: string;
}

/** The service at a customer's link: the gateway answers, says where a trace passes, and reaches the customer. */
export const gateway = defineProbe({
  name: 'gateway',
  summary:
    'Looks whether each customer and its gateway ping each other, also in fragments, and whether a trace names the gateway.',
  params: Params,
  nodes: (_params, plan) => customerPorts(plan).flatMap((it) => [it.node, it.edge]),
  classes: () => ['customers', 'customer-links', 'co-located'],
  observe,
});

async function observe({ count }: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const questions = customerPorts(plan).flatMap((port) => questionsAt(port, plan, count));
  const places = [...new Set(questions.map((it) => it.from))];
  const told = await Promise.all(
    places.map(async (from) => {
      const mine = questions.filter((it) => it.from === from);
      const { stdout } = await network
        .node(from)
        .exec(['sh', '-c', `${tools}\n${mine.map((it) => `{ ${it.command}; } &`).join('\n')}\nwait`], { signal });
      return { from, stdout };
    }),
  );
  const transcript = told.map(({ from, stdout }) => `${from}\n${stdout}`).join('\n');
  return {
    attempts: questions.map((it) => attemptOf(it, told.find(({ from }) => from === it.from)?.stdout ?? '')),
    evidence: [
      {
        kind: 'transcript',
        title: 'What customers and their gateways answer each other',
        file: await context.keep('gateways.txt', transcript),
        command: `breakwater exec ${questions[0]?.from} -- ${questions[0]?.command.replace(/^until_named | 2>&1 .*/g, '')}`,
        excerpt: transcript.trimEnd(),
      },
    ],
  };
}

/**
 * Inside a pipe nobody would hear of a tool that is not there. A router sends six ICMP errors to one host at once,
 * then one a second (icmp_ratelimit, icmp(7)): who was told of other things a moment ago traces once more.
 */
const tools = `for tool in fping traceroute; do command -v $tool >/dev/null || { echo "$tool: not found" >&2; exit 127; }; done
until_named() { for turn in 1 2 3 4; do said=$("$@" 2>&1); echo "$said" | grep -q '^ *1 .*[0-9]' && break; done; echo "$said"; }`;

const fragmentedBytes = 3000;

/** Both ends of a link ask each other; a trace to a server of ours names the gateway first, also of those who have another provider. */
export function questionsAt(
  { node, edge, edgeInterface, linkAddresses }: CustomerPort,
  plan: Plan,
  count: number,
): Question[] {
  const ends = (plan.nodes[edge]?.interfaces[edgeInterface]?.addresses ?? []).map(canonicalAddress);
  return (['v4', 'v6'] as const).flatMap((family) => {
    const own = linkAddresses.find((it) => familyOf(it) === family);
    const end = ends.find((it) => familyOf(it) === family);
    const known = addressOf(plan, node, family) ?? own;
    const far = placesOf(plan, ['servers']).find((it) => it.family === family)?.address;
    const names = addressesOfNode(plan, edge);
    if (own === undefined || end === undefined) return [];
    const pings = (['echo', 'fragments'] as const).flatMap((way) =>
      (
        [
          [node, edge, own, end],
          [edge, node, end, own],
        ] as const
      ).map(([from, to, source, address]) => ({
        from,
        to,
        way,
        family,
        address,
        gateway: names,
        command: `fping -${family.slice(1)} -q -c ${count} -p 30 -t 600${way === 'fragments' ? ` -b ${fragmentedBytes}` : ''} -S ${source} ${address} 2>&1 | sed 's/^/${way} /'`,
      })),
    );
    if (far === undefined) return pings;
    const trace: Question = {
      from: node,
      to: edge,
      way: 'trace',
      family,
      address: far,
      gateway: names,
      command: `until_named traceroute -${family.slice(1)} -n -q ${count} -w 1 -m 1 -s ${known} ${far} 2>&1 | sed -n 's/^ *1 /trace ${far} /p'`,
    };
    return [...pings, trace];
  });
}

export function attemptOf(
  { from, to, way, family, address, gateway: names, command }: Question,
  said: string,
): Attempt {
  const repeat = `breakwater exec ${from} -- ${command.replace(/^until_named | 2>&1 .*/g, '')}`;
  const base = { role: 'try' as const, family, from, to, repeat };
  if (way === 'trace') {
    const hop = said.split('\n').find((line) => line.startsWith(`trace ${address} `));
    return {
      ...base,
      label: `trace from ${from} to ${address}`,
      sent: hop !== undefined,
      succeeded: hop?.split(/\s+/).some((word) => names.includes(word)) === true,
      seen: hop === undefined ? 'no trace was made' : `the first hop is ${hop.replace(`trace ${address}`, '').trim()}`,
    };
  }
  const { sent = 0, answered = 0 } = parseAnswers(said).get(`${way} ${address}`) ?? {};
  return {
    ...base,
    label: `ping${way === 'fragments' ? ` of ${fragmentedBytes} bytes, in fragments,` : ''} from ${from} to ${address} at the other end of the link`,
    sent: sent > 0,
    succeeded: answered > 0,
    seen: `${address} answered ${answered} of ${sent}`,
  };
}
