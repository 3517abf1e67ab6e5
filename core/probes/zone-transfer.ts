import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { classesAmong, describePlace, nodesOfPlaces, PlaceName, placesInReach } from '../model/places.ts';
import type { Family, Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { type Answer, askQuestions, describeAnswer, digCommand, type Question } from './dns/dig.ts';
import { readSilence, type Silence } from './dns/silence.ts';
import { readKeys, type TsigKey } from './dns/tsig-keys.ts';
import { type Capture, startCapture } from './capture.ts';
import { defineProbe, type ProbeContext } from './probe.ts';
import { watchSenders } from './senders.ts';

const Params = z.strictObject({
  zones: z.array(z.string()).min(1).describe('The zones to copy'),
  servers: z
    .array(
      z.union([
        NodeName,
        z.strictObject({
          node: NodeName,
          from: z.array(PlaceName).min(1).describe('Who tries it there, in place of `from`'),
        }),
      ]),
    )
    .min(1)
    .describe('The servers that have them, the primary and every secondary'),
  from: z
    .array(PlaceName)
    .min(1)
    .describe(
      'Who tries: classes of places, and nodes that may ask the servers for names. A server does not try itself',
    ),
  strangers: z.array(PlaceName).default([]).describe('Who tries as well, and to whom the servers owe no answer at all'),
  keyOf: NodeName.optional().describe(
    'The node whose TSIG keys were stolen: every other place tries them too, from its own address',
  ),
});
type Params = z.infer<typeof Params>;

export interface PlannedTransfer extends Question {
  readonly label: string;
  readonly role: Attempt['role'];
  readonly family: Family;
  readonly from: string;
  readonly source: string;
}

/** Tries to copy whole zones from their servers. */
export const zoneTransfer = defineProbe({
  name: 'zone-transfer',
  summary:
    'Tries to copy whole zones (AXFR, IXFR) from every server, from several places, without a key and with a stolen one.',
  params: Params,
  nodes: (params, plan) => [
    ...params.servers.map(nodeOf),
    ...nodesOfPlaces(plan, placeNames(params)),
    ...(params.keyOf === undefined ? [] : [params.keyOf]),
  ],
  classes: (params) => classesAmong(placeNames(params)),
  observe,
});

function nodeOf(server: Params['servers'][number]): string {
  return typeof server === 'string' ? server : server.node;
}

function placeNames({ from, strangers, servers }: Params): PlaceName[] {
  return [...from, ...strangers, ...servers.flatMap((it) => (typeof it === 'string' ? [] : it.from))];
}

type Answers = Map<PlannedTransfer, Answer | undefined>;

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const keys = params.keyOf === undefined ? [] : await readKeys(network.node(params.keyOf), signal);
  const transfers = planTransfers(params, plan, keys);
  const answers = await askEach(transfers, context);
  const silences = await listenToSilence(params, transfers, answers, context);
  return {
    attempts: transfers.map((it) => attemptOf(it, answers.get(it), silences.get(it))),
    evidence: [await keepEvidence(transfers, answers, context)],
  };
}

/** All places side by side, each in one call. */
async function askEach(
  transfers: readonly PlannedTransfer[],
  { network, signal }: ProbeContext,
  how: { apart?: boolean } = {},
): Promise<Answers> {
  const answers: Answers = new Map();
  await Promise.all(
    [...new Set(transfers.map((it) => it.from))].map(async (node) => {
      const own = transfers.filter((it) => it.from === node);
      const got = await askQuestions(network.node(node), own, signal, how);
      own.forEach((transfer, index) => answers.set(transfer, got[index]));
    }),
  );
  return answers;
}

/**
 * Every place against every server over every family: each zone, and what it is tried with stands beside it. Both kinds
 * of transfer obey the same rules of a server, so that a place tries one half of the zones by AXFR and the other by IXFR,
 * and the next place the other way round. Then the SOA as a canary, where names may be asked for.
 */
export function planTransfers(
  { zones, servers, from, strangers, keyOf }: Params,
  plan: Plan,
  keys: readonly TsigKey[],
): PlannedTransfer[] {
  const [first = ''] = zones;
  return servers.flatMap((it) => {
    const [server, asking, others] = typeof it === 'string' ? [it, from, strangers] : [it.node, it.from, []];
    const mayAsk = new Set(placesInReach(plan, asking).map(({ address }) => address));
    return placesInReach(plan, [...asking, ...others])
      .filter(({ node }) => node !== server)
      .flatMap((place, turn) =>
        addressesOf(plan, server)
          .filter(({ family }) => family === place.family)
          .flatMap(({ family, address }) => {
            const by = `from ${server} to ${describePlace(plan, place)}`;
            const to = { family, from: place.node, source: place.address, server: address, recurse: false };
            // Relative to serial 1, which nobody remembers: the whole zone.
            const typeFor = (index: number): string => ((index + turn) % 2 === 0 ? 'AXFR' : 'IXFR=1');
            const copy = (name: string, type: string, transport: 'tcp' | 'udp' = 'tcp'): PlannedTransfer => ({
              ...to,
              label: `${type} of ${name} ${by}${transport === 'udp' ? ', by UDP' : ''}`,
              role: 'try',
              name,
              type,
              transport,
            });
            const stolen = place.node === keyOf ? [] : keys;
            return [
              ...zones.map((zone, index) => copy(zone, typeFor(index))),
              copy(first, 'IXFR=1', 'udp'),
              ...stolen.flatMap(({ name, text }) =>
                zones.map((zone, index) => {
                  const plain = copy(zone, typeFor(index + 1));
                  return { ...plain, label: `${plain.label}, with the stolen key ${name}`, key: text };
                }),
              ),
              ...(mayAsk.has(place.address) ? canariesFor(copy(first, 'SOA'), by) : []),
            ];
          }),
      );
  });
}

/** With recursion, because a resolver has to look it up first. */
function canariesFor(soa: PlannedTransfer, by: string): PlannedTransfer[] {
  return (['tcp', 'udp'] as const).map((transport) => ({
    ...soa,
    transport,
    recurse: true,
    label: `the SOA of ${soa.name} ${by}, by ${transport.toUpperCase()}`,
    role: 'canary',
    patienceSeconds: owedSeconds,
  }));
}

/** Where an answer is owed, it may be late. */
const owedSeconds = 5;

/** Tries once more what nobody answered, and captures both ends. */
async function listenToSilence(
  { servers }: Params,
  transfers: readonly PlannedTransfer[],
  answers: Answers,
  context: ProbeContext,
): Promise<ReadonlyMap<PlannedTransfer, Silence>> {
  const silent = transfers.filter((it) => it.role === 'try' && answers.get(it) === undefined);
  if (silent.length === 0) return new Map();
  const { network, plan, signal } = context;
  const captures: Capture[] = [];
  try {
    await Promise.all(
      servers.map(nodeOf).map(async (server) => {
        const [iface = 'any'] = Object.keys(plan.nodes[server]?.interfaces ?? {});
        captures.push(await startCapture(network, server, iface, 'port 53', signal));
      }),
    );
    const senders = await watchSenders(
      context,
      silent.map((it) => it.from),
      'port 53',
    );
    try {
      for (const [transfer, answer] of await askEach(silent, context, { apart: true })) answers.set(transfer, answer);
      const frames = captures.flatMap((it) => it.frames());
      const still = silent.filter((it) => answers.get(it) === undefined);
      return new Map(still.map((it) => [it, readSilence(it, senders, frames)]));
    } finally {
      await senders.stop();
    }
  } finally {
    await Promise.all(captures.map((it) => it.stop()));
  }
}

function attemptOf(transfer: PlannedTransfer, answer: Answer | undefined, silence: Silence | undefined): Attempt {
  const { label, role, family, from, source, server, transport } = transfer;
  const isCanary = role === 'canary';
  const succeeded = isCanary ? answer?.status === 'NOERROR' && answer.answer.length > 0 : gotZone(answer);
  const proof =
    answer === undefined ? (silence?.proof ?? 'canary') : answer.status === 'SERVFAIL' ? undefined : 'answered';
  return {
    label,
    role,
    family,
    from,
    to: server,
    sent: isCanary || answer !== undefined || silence?.sent === true,
    succeeded,
    ...(proof === undefined || isCanary ? {} : { proof }),
    way: `${transport} from ${source}`,
    seen: answer === undefined && silence !== undefined ? silence.seen : describeAnswer(answer),
    repeat: digCommand(from, transfer),
  };
}

/** More than one record: a lone SOA, which answers an IXFR when nothing changed, gives nothing away. */
export function gotZone(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.answer.length > 1;
}

async function keepEvidence(
  transfers: readonly PlannedTransfer[],
  answers: ReadonlyMap<PlannedTransfer, Answer | undefined>,
  { keep }: ProbeContext,
): Promise<Evidence> {
  const lines = transfers.map((it) => `${it.label}, @${it.server}: ${describeAnswer(answers.get(it))}`);
  const [copied] = transfers.flatMap((it) => (it.role === 'try' && gotZone(answers.get(it)) ? [it] : []));
  const records = copied === undefined ? [] : (answers.get(copied)?.answer ?? []);
  const text = [...lines, ...(copied === undefined ? [] : ['', `What ${copied.label} gave away:`, ...records])];
  const [first] = transfers;
  return {
    kind: 'table',
    title: `${lines.length} attempts to copy zones`,
    file: await keep('zone-transfers.txt', `${text.join('\n')}\n`),
    command: first === undefined ? '' : digCommand(first.from, copied ?? first),
    excerpt: [...lines.slice(0, 12), ...(records.length > 0 ? ['…', ...records.slice(0, 28)] : [])].join('\n'),
  };
}
