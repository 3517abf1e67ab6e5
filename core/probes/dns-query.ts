import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import type { Family, Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import { type Answer, askQuestions, describeAnswer, digCommand, type Question } from './dns/dig.ts';
import { Effect, hasEffect } from './dns/effect.ts';
import { type DnsFrame, readDns } from './dns/wire.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Query = z.strictObject({
  label: z.string().describe('What is asked and why, in words a trainee understands'),
  name: z
    .string()
    .describe('The name to ask for; NONCE in it becomes a label that no cache knows and that is watched for'),
  type: z.string().default('A').describe('Record type: A, AAAA, NS, ANY …'),
  effect: Effect,
  data: z.string().optional().describe('A word that the records must contain, such as an address'),
  recurse: z.boolean().default(true).describe('Asks for recursion (the RD flag)'),
});

const Params = z.strictObject({
  server: NodeName.describe('The name server that is asked'),
  from: z.array(NodeName).min(1).describe('Where the questions come from'),
  transports: z
    .array(z.enum(['udp', 'tcp']))
    .min(1)
    .default(['udp', 'tcp'])
    .describe('How they are asked'),
  queries: z.array(Query).min(1).describe('The questions'),
  canaries: z
    .array(Query)
    .default([])
    .describe('Questions that everybody may ask, from the same places: their answers prove that the others were heard'),
});
type Params = z.infer<typeof Params>;

export interface PlannedQuestion extends Question {
  readonly query: z.infer<typeof Query>;
  readonly role: Attempt['role'];
  readonly family: Family;
  readonly from: string;
  /** The label to watch for in the server's own questions to others. */
  readonly mark?: string;
}

/** Asks a name server and looks at what it answers, and at whom it asks in turn. */
export const dnsQuery = defineProbe({
  name: 'dns-query',
  summary:
    'Asks a name server by UDP and TCP, over both address families, from several places, and looks at the answers and at what the server asks others.',
  params: Params,
  nodes: ({ server, from }) => [server, ...from],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal } = context;
  const { server, from } = params;
  const questions = planQuestions(params, plan, nonce);
  const capture = questions.some(({ query }) => query.effect === 'recursion')
    ? await watch(server, context)
    : undefined;
  try {
    const answers = new Map<PlannedQuestion, Answer | undefined>();
    await Promise.all(
      from.map(async (node) => {
        let open = questions.filter((it) => it.from === node);
        await pollUntil(
          async () => {
            const got = await askQuestions(network.node(node), open, signal);
            open.forEach((question, index) => answers.set(question, got[index]));
            open = open.filter((it) => isOwed(it, context) && answers.get(it)?.status === 'SERVFAIL');
            return open.length === 0;
          },
          servfailMs,
          200,
        );
      }),
    );
    if (capture !== undefined) await awaitAnswersIn(capture, questions, answers);
    const wire = capture?.frames().flatMap(({ bytes }) => readDns(bytes) ?? []) ?? [];
    const own = new Set(questions.map((it) => it.server));
    const attempts = questions.map((it) => attemptOf(it, answers.get(it), { wire, own }, context));
    return { attempts, evidence: await keepEvidence(params, questions, answers, capture, context) };
  } finally {
    await capture?.stop();
  }
}

/** Every question from every place, over each family that both ends have, by each transport; canaries last. */
export function planQuestions(params: Params, plan: Plan, nonce: string): PlannedQuestion[] {
  const { server, from, transports, queries, canaries } = params;
  const wanted = [
    ...queries.map((query) => ({ query, role: 'try' as const })),
    ...canaries.map((query) => ({ query, role: 'canary' as const })),
  ];
  return from
    .flatMap((node) => addressesOf(plan, server).map((at) => ({ ...at, from: node })))
    .flatMap(({ family, address, from: node }) =>
      transports.flatMap((transport) =>
        wanted.map(({ query, role }) => ({ query, role, family, from: node, server: address, transport })),
      ),
    )
    .map((planned, index) => {
      const mark = `q${index}x${nonce}`.toLowerCase();
      const { name, type, recurse } = planned.query;
      return {
        ...planned,
        name: name.replace('NONCE', mark),
        type,
        recurse,
        ...(name.includes('NONCE') ? { mark } : {}),
      };
    });
}

/** A server remembers for a second that it failed (servfail-ttl of BIND), and who needs the name asks again. */
const servfailMs = 1500;

/** Where silence would be no success of anybody. */
function isOwed({ role }: PlannedQuestion, { kind }: ProbeContext): boolean {
  return kind === 'service' || role === 'canary';
}

async function watch(server: string, { network, plan, signal }: ProbeContext): Promise<Capture> {
  const [iface = 'any'] = Object.keys(plan.nodes[server]?.interfaces ?? {});
  return startCapture(network, server, iface, 'port 53', signal);
}

/** The capture is complete as far as it matters once it holds the question and the answer of all that were answered. */
async function awaitAnswersIn(
  capture: Capture,
  questions: readonly PlannedQuestion[],
  answers: ReadonlyMap<PlannedQuestion, Answer | undefined>,
): Promise<void> {
  const marks = questions.flatMap((it) => (it.mark !== undefined && answers.get(it) !== undefined ? [it.mark] : []));
  await capture.until(
    (frames) => marks.every((mark) => frames.filter(({ bytes }) => bytes.includes(mark)).length >= 2),
    1000,
  );
}

function attemptOf(
  question: PlannedQuestion,
  answer: Answer | undefined,
  { wire, own }: { wire: readonly DnsFrame[]; own: ReadonlySet<string> },
  { kind }: ProbeContext,
): Attempt {
  const { query, role, family, from, server, mark, transport } = question;
  const about = wire.filter((it) => mark !== undefined && !it.response && it.name.startsWith(`${mark}.`));
  const heard = about.some((it) => it.destination === server);
  // A question over one family may well be passed on over the other.
  const askedOthers = about.some((it) => own.has(it.source));
  return {
    label: `${query.label}, by ${transport.toUpperCase()} from ${from}`,
    role,
    family,
    from,
    to: server,
    // Where service is owed, a question without an answer is a failure; where none is, silence needs a proof.
    sent: kind === 'service' || answer !== undefined || heard,
    succeeded: hasEffect(query.effect, { ...query, name: question.name }, answer, askedOthers),
    seen: describeAnswer(answer) + (askedOthers ? '; and it asked others about it' : ''),
    repeat: digCommand(from, question),
  };
}

async function keepEvidence(
  { server }: Params,
  questions: readonly PlannedQuestion[],
  answers: ReadonlyMap<PlannedQuestion, Answer | undefined>,
  capture: Capture | undefined,
  context: ProbeContext,
): Promise<Evidence[]> {
  const lines = questions.map((it) => {
    const flags = `${it.transport}${it.recurse ? '' : ' +norec'}`;
    return `${it.from} @${it.server} ${it.name} ${it.type} ${flags}: ${describeAnswer(answers.get(it))}`;
  });
  const [first] = questions;
  return [
    {
      kind: 'table',
      title: `${lines.length} questions to ${server} and their answers`,
      file: await context.keep('dns-answers.txt', `${lines.join('\n')}\n`),
      command: first === undefined ? '' : digCommand(first.from, first),
      excerpt: lines.slice(0, 40).join('\n') + (lines.length > 40 ? `\n… ${lines.length - 40} more lines` : ''),
    },
    ...(capture === undefined ? [] : [await capture.keep(context, `dns-${server}`, `DNS on the wire of ${server}`)]),
  ];
}
