import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import type { Family, Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { type Answer, askQuestions, describeAnswer, digCommand, type Question } from './dns/dig.ts';
import { readKeys, type TsigKey } from './dns/tsig-keys.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  zones: z.array(z.string()).min(1).describe('The zones to copy; the first also by IXFR and with the key'),
  servers: z.array(NodeName).min(1).describe('The servers that have them, the primary and every secondary'),
  from: z.array(NodeName).min(1).describe('Places that try it without a key. A server does not try itself'),
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
}

/** Tries to copy whole zones from their servers. */
export const zoneTransfer = defineProbe({
  name: 'zone-transfer',
  summary:
    'Tries to copy whole zones (AXFR, IXFR) from every server, from several places, without a key and with a stolen one.',
  params: Params,
  nodes: ({ servers, from, keyOf }) => [...servers, ...from, ...(keyOf === undefined ? [] : [keyOf])],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const keys = params.keyOf === undefined ? [] : await readKeys(network.node(params.keyOf), signal);
  const transfers = planTransfers(params, plan, keys);
  const answers = new Map<PlannedTransfer, Answer | undefined>();
  await Promise.all(
    params.from.map(async (node) => {
      const own = transfers.filter((it) => it.from === node);
      const got = await askQuestions(network.node(node), own, signal);
      own.forEach((transfer, index) => answers.set(transfer, got[index]));
    }),
  );
  return {
    attempts: transfers.map((it) => attemptOf(it, answers.get(it))),
    evidence: [await keepEvidence(transfers, answers, context)],
  };
}

/** Every place against every server over every family: each zone without a key, the first with each key, and its SOA as canary. */
export function planTransfers(
  { zones, servers, from, keyOf }: Params,
  plan: Plan,
  keys: readonly TsigKey[],
): PlannedTransfer[] {
  const [first = ''] = zones;
  return from.flatMap((node) =>
    servers
      .filter((server) => server !== node)
      .flatMap((server) =>
        addressesOf(plan, server).flatMap(({ family, address }) => {
          const to = { family, from: node, server: address, transport: 'tcp' as const, recurse: false };
          const copy = (zone: string, type: string): PlannedTransfer => ({
            ...to,
            label: `${type} of ${zone} from ${server} to ${node}`,
            role: 'try',
            name: zone,
            type,
          });
          const stolen = node === keyOf ? [] : keys;
          return [
            ...zones.map((zone) => copy(zone, 'AXFR')),
            // Relative to serial 1, which nobody remembers: the whole zone.
            copy(first, 'IXFR=1'),
            ...stolen.map(({ name, text }) => ({
              ...copy(first, 'AXFR'),
              label: `AXFR of ${first} from ${server} to ${node}, with the stolen key ${name}`,
              key: text,
            })),
            // With recursion, because a resolver has to look it up first.
            {
              ...copy(first, 'SOA'),
              recurse: true,
              label: `the SOA of ${first} from ${server} to ${node}`,
              role: 'canary' as const,
            },
          ];
        }),
      ),
  );
}

function attemptOf(transfer: PlannedTransfer, answer: Answer | undefined): Attempt {
  const { label, role, family, from, server } = transfer;
  return {
    label,
    role,
    family,
    from,
    to: server,
    sent: answer !== undefined,
    succeeded: role === 'canary' ? answer?.status === 'NOERROR' && answer.answer.length > 0 : gotZone(answer),
    seen: describeAnswer(answer),
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
