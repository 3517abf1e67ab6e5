import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { classesAmong, describePlace, nodesOfPlaces, PlaceName, placesInReach } from '../model/places.ts';
import type { Family, Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import { type Answer, askQuestions, describeAnswer, digCommand, type Question } from './dns/dig.ts';
import { Effect, hasEffect } from './dns/effect.ts';
import { readSilence, type Silence } from './dns/silence.ts';
import { type DnsFrame, readDns } from './dns/wire.ts';
import { defineProbe, type ProbeContext } from './probe.ts';
import { watchSenders } from './senders.ts';

const Query = z.strictObject({
  label: z.string().describe('What is asked and why, in words a trainee understands'),
  name: z
    .string()
    .describe('The name to ask for; NONCE in it becomes a label that no cache knows and that is watched for'),
  type: z.string().default('A').describe('Record type: A, AAAA, NS, ANY …'),
  effect: Effect,
  data: z.string().optional().describe('A word that the records must contain, such as an address'),
  recurse: z.boolean().default(true).describe('Asks for recursion (the RD flag)'),
  from: z.array(PlaceName).min(1).optional().describe('The places that ask this, where they are others'),
});

const Params = z.strictObject({
  server: NodeName.describe('The name server that is asked'),
  from: z
    .array(PlaceName)
    .min(1)
    .describe('Where the questions come from: classes of places, and nodes. A server does not ask itself'),
  transports: z
    .array(z.enum(['udp', 'tcp']))
    .min(1)
    .default(['udp', 'tcp'])
    .describe('How they are asked'),
  queries: z.array(Query).min(1).describe('The questions'),
  canaries: z
    .array(Query)
    .default([])
    .describe(
      'Questions that may be asked, there or by others: their answers prove that the server is heard and hears',
    ),
});
type Params = z.infer<typeof Params>;

export interface PlannedQuestion extends Question {
  readonly query: z.infer<typeof Query>;
  readonly role: Attempt['role'];
  readonly family: Family;
  readonly from: string;
  readonly source: string;
  /** Who asks, in the words of the plan. */
  readonly place: string;
  /** The label to watch for in the server's own questions to others. */
  readonly mark?: string;
}

/** Asks a name server and looks at what it answers, and at whom it asks in turn. */
export const dnsQuery = defineProbe({
  name: 'dns-query',
  summary:
    'Asks a name server by UDP and TCP, over both address families, from several places, and looks at the answers and at what the server asks others.',
  params: Params,
  nodes: (params, plan) => [params.server, ...nodesOfPlaces(plan, placeNames(params))],
  classes: (params) => classesAmong(placeNames(params)),
  observe,
});

function placeNames({ from, queries, canaries }: Params): PlaceName[] {
  return [...from, ...[...queries, ...canaries].flatMap((it) => it.from ?? [])];
}

type Answers = Map<PlannedQuestion, Answer | undefined>;

/** What came of all questions. */
interface Asked {
  readonly answers: Answers;
  /** The second answers to questions whose effect shows only then. */
  readonly later: Answers;
  readonly silences: ReadonlyMap<PlannedQuestion, Silence>;
}

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { plan, nonce } = context;
  const questions = planQuestions(params, plan, nonce);
  const watched = questions.some(({ query: { effect } }) => effect === 'recursion');
  const capture = watched ? await watchLookups(params.server, context) : undefined;
  try {
    const answers = await askAll(questions, context);
    const later = await askAgain(
      questions.filter((it) => it.query.effect === 'own-copy' && (answers.get(it)?.answer.length ?? 0) > 0),
      context,
    );
    const silences = await listenToSilence(params, questions, answers, context);
    if (capture !== undefined) await awaitAnswersIn(capture, questions, answers);
    const wire = capture?.frames().flatMap(({ bytes }) => readDns(bytes) ?? []) ?? [];
    const own = new Set(questions.map((it) => it.server));
    const asked = { answers, later, silences };
    const attempts = questions.map((it) => attemptOf(it, asked, { wire, own }, context));
    return { attempts, evidence: await keepEvidence(params, questions, answers, capture, context) };
  } finally {
    await capture?.stop();
  }
}

/** Every question from every place, over each family that both ends have, by each transport; canaries last. */
export function planQuestions(params: Params, plan: Plan, nonce: string): PlannedQuestion[] {
  const { server, from, transports, queries, canaries } = params;
  const servers = addressesOf(plan, server);
  const wanted = [
    ...queries.map((query) => ({ query, role: 'try' as const })),
    ...canaries.map((query) => ({ query, role: 'canary' as const })),
  ].flatMap(({ query, role }) =>
    placesInReach(plan, query.from ?? from)
      .filter(({ node }) => node !== server)
      .flatMap((place) =>
        servers
          .filter(({ family }) => family === place.family)
          .flatMap(({ family, address }) =>
            transports.map((transport) => ({
              query,
              role,
              family,
              from: place.node,
              source: place.address,
              place: describePlace(plan, place),
              server: address,
              transport,
            })),
          ),
      ),
  );
  return wanted.map((planned, index) => {
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

/** Where an answer is owed, it may be late: it was looked up in a busy network, or far away. */
const owedSeconds = 5;

async function askAll(questions: readonly PlannedQuestion[], context: ProbeContext): Promise<Answers> {
  const answers: Answers = new Map();
  let open = questions.map((it) => (isOwed(it, context) ? { ...it, patienceSeconds: owedSeconds } : it));
  const original = new Map(open.map((it, index) => [it, questions[index] as PlannedQuestion]));
  await pollUntil(
    async () => {
      for (const [question, answer] of await askEach(open, context))
        answers.set(original.get(question) as PlannedQuestion, answer);
      open = open.filter(
        (it) => isOwed(it, context) && answers.get(original.get(it) as PlannedQuestion)?.status === 'SERVFAIL',
      );
      return open.length === 0;
    },
    servfailMs,
    200,
  );
  return answers;
}

/** All places side by side, each in one call. */
async function askEach(
  questions: readonly PlannedQuestion[],
  { network, signal }: ProbeContext,
  how: { apart?: boolean } = {},
): Promise<Answers> {
  const answers: Answers = new Map();
  await Promise.all(
    [...new Set(questions.map((it) => it.from))].map(async (node) => {
      const own = questions.filter((it) => it.from === node);
      const got = await askQuestions(network.node(node), own, signal, how);
      own.forEach((question, index) => answers.set(question, got[index]));
    }),
  );
  return answers;
}

/** A second and a bit later: what was looked up has less time to live by then, and what is one's own has not. */
async function askAgain(questions: readonly PlannedQuestion[], context: ProbeContext): Promise<Answers> {
  if (questions.length === 0) return new Map();
  await new Promise((resolve) => setTimeout(resolve, 1200));
  context.signal.throwIfAborted();
  return askEach(questions, context);
}

/**
 * Asks once more what nobody answered, while both ends are captured: what the attacker sent, who refused it, and
 * whether the server got it. The canaries are asked beside it, so that a server which hears nobody proves nothing.
 */
async function listenToSilence(
  { server }: Params,
  questions: readonly PlannedQuestion[],
  answers: Answers,
  context: ProbeContext,
): Promise<ReadonlyMap<PlannedQuestion, Silence>> {
  const silent = questions.filter((it) => it.role === 'try' && answers.get(it) === undefined);
  if (context.kind !== 'abuse' || silent.length === 0) return new Map();
  const canaries = questions.filter((it) => it.role === 'canary');
  const capture = await watchQuestions(server, silent, context);
  try {
    const senders = await watchSenders(
      context,
      silent.map((it) => it.from),
      'port 53',
    );
    try {
      for (const [question, answer] of await askEach([...silent, ...canaries], context, { apart: true }))
        answers.set(question, answer);
      const frames = capture.frames();
      return new Map(
        silent
          .filter((it) => answers.get(it) === undefined)
          .map((it) => {
            const { proof, ...rest } = readSilence(it, senders, frames);
            // That the server got it and said nothing is a refusal only while it does answer others.
            const holds = proof !== 'counted' || canaries.length > 0;
            return [it, holds && proof !== undefined ? { ...rest, proof } : rest];
          }),
      );
    } finally {
      await senders.stop();
    }
  } finally {
    await capture.stop();
  }
}

/** Where silence would be no success of anybody. */
function isOwed({ role }: PlannedQuestion, { kind }: Pick<ProbeContext, 'kind'>): boolean {
  return kind === 'service' || role === 'canary';
}

/** What these questions ask of the server and what they are told. */
function watchQuestions(
  server: string,
  questions: readonly PlannedQuestion[],
  context: ProbeContext,
): Promise<Capture> {
  const hosts = [...new Set(questions.map((it) => `host ${it.source}`))].join(' or ');
  return watch(server, `port 53 and (${hosts})`, context);
}

/**
 * What the server asks others, and questions by UDP for a name that is watched for, which show how far the capture
 * has come. Not what else it is asked meanwhile, which may be more than a capture takes.
 */
function watchLookups(server: string, context: ProbeContext): Promise<Capture> {
  const own = addressesOf(context.plan, server).map(({ address }) => `src host ${address}`);
  // The first letter of the name: behind 8 bytes of UDP, 12 of the head, and the length of the label.
  const marked = `udp port 53 and (udp[21] = ${markLetter} or ip6[61] = ${markLetter})`;
  return watch(server, `(dst port 53 and (${own.join(' or ')})) or (${marked})`, context);
}

const markLetter = 'q'.charCodeAt(0);

async function watch(server: string, filter: string, { network, plan, signal }: ProbeContext): Promise<Capture> {
  const [iface = 'any'] = Object.keys(plan.nodes[server]?.interfaces ?? {});
  return startCapture(network, server, iface, filter, signal, { snapLength: 1600 });
}

/** The capture is complete as far as it matters once it holds the question and the answer of all that were answered. */
async function awaitAnswersIn(
  capture: Capture,
  questions: readonly PlannedQuestion[],
  answers: ReadonlyMap<PlannedQuestion, Answer | undefined>,
): Promise<void> {
  const marks = questions.flatMap((it) =>
    it.transport === 'udp' && it.mark !== undefined && answers.get(it) !== undefined ? [it.mark] : [],
  );
  await capture.until(
    (frames) => marks.every((mark) => frames.filter(({ bytes }) => bytes.includes(mark)).length >= 2),
    1000,
  );
}

function attemptOf(
  question: PlannedQuestion,
  { answers, later, silences }: Asked,
  { wire, own }: { wire: readonly DnsFrame[]; own: ReadonlySet<string> },
  { kind }: ProbeContext,
): Attempt {
  const { query, role, family, from, place, source, server, mark, transport } = question;
  const answer = answers.get(question);
  const about = wire.filter((it) => mark !== undefined && !it.response && it.name.startsWith(`${mark}.`));
  const heard = about.some((it) => it.destination === server && it.source === source);
  // A question over one family may well be passed on over the other.
  const askedOthers = about.some((it) => own.has(it.source));
  const silence = silences.get(question);
  const proof = answer === undefined ? silence?.proof : proofOf(answer);
  const seen = answer === undefined && silence !== undefined ? silence.seen : describeAnswer(answer);
  return {
    label: `${query.label}, by ${transport.toUpperCase()} from ${place}`,
    role,
    family,
    from,
    to: server,
    // Where service is owed, a question without an answer is a failure; where none is, silence needs a proof.
    sent: isOwed(question, { kind }) || answer !== undefined || heard || silence?.sent === true,
    succeeded: hasEffect(query.effect, { ...query, name: question.name }, answer, {
      askedOthers,
      later: later.get(question),
    }),
    ...(proof === undefined ? {} : { proof }),
    way: `${transport} from ${source}`,
    seen: seen + (askedOthers ? '; and it asked others about it' : ''),
    repeat: digCommand(from, question),
  };
}

/** A server that failed has refused nothing: it may have tried, and succeed the next time. */
function proofOf({ status }: Answer): Attempt['proof'] {
  return status === 'SERVFAIL' ? undefined : 'answered';
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
