import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import { addressOf, type Family } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { type Capture, pollUntil, startCapture } from './capture.ts';
import { type Answer, askQuestions, describeAnswer, digCommand, type Question } from './dns/dig.ts';
import { tellNamed } from './dns/rndc.ts';
import { type DnsFrame, readDns } from './dns/wire.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  primary: NodeName.describe('The server where the zones are edited'),
  secondary: NodeName.describe('The server that keeps a copy'),
  zones: z.array(z.string()).min(1).describe('The zones; the first is the one that is announced by NOTIFY'),
});
type Params = z.infer<typeof Params>;

const [notify, axfr, ixfr] = [4, 252, 251];

/** named waits up to five seconds between two NOTIFYs for one zone (`notify-delay`), and draws transfers apart. */
const patienceMs = 6000;

/** Has the secondary fetch its zones again, has the primary announce one, and compares what both serve. */
export const zoneSync = defineProbe({
  name: 'zone-sync',
  summary:
    'Has a secondary name server fetch its zones from the primary again, has the primary announce a zone by NOTIFY, and compares what both serve.',
  params: Params,
  // What the secondary fetches would not be told apart from what somebody else on that node asks for.
  exclusive: true,
  nodes: ({ primary, secondary }) => [primary, secondary],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const { primary, secondary, zones } = params;
  const [first = ''] = zones;
  const [iface = 'any'] = Object.keys(plan.nodes[primary]?.interfaces ?? {});
  const peers = addressesOf(plan, secondary).map(({ address }) => `host ${address}`);
  const capture = await startCapture(network, primary, iface, `port 53 and (${peers.join(' or ')})`, signal);
  try {
    // Both ask for what the daemons do by themselves, and change nothing: the same zones are fetched again.
    const [notified, fetched] = await Promise.all([
      tellNamed(network.node(primary), 'notify', [first], signal),
      tellNamed(network.node(secondary), 'retransfer', zones, signal),
    ]);
    await capture.until(() => {
      const wire = read(capture);
      return zones.every((zone) => isTransfer(transferOf(wire, zone))) && notifyOf(wire, first)?.rcode === 0;
    }, patienceMs);
    const serials = await askUntilEqual(params, context);
    const wire = read(capture);
    return {
      attempts: [
        ...zones.map((zone) => withWords(transferAttempt(zone, wire, params), fetched.get(zone))),
        withWords(notifyAttempt(first, wire, params), notified.get(first)),
        ...serials.map((it) => serialAttempt(it, params)),
      ],
      evidence: [
        await capture.keep(context, `zone-sync-${primary}`, `${primary} and ${secondary}, on the wire of ${primary}`),
      ],
    };
  } finally {
    await capture.stop();
  }
}

/** What named refused to be told counts against it only where nothing was seen either. */
function withWords(attempt: Attempt, complaint: string | undefined): Attempt {
  return attempt.succeeded || complaint === undefined ? attempt : { ...attempt, seen: `${complaint}; ${attempt.seen}` };
}

function read(capture: Capture): DnsFrame[] {
  return capture.frames().flatMap(({ bytes }) => readDns(bytes) ?? []);
}

/** The primary's answer to a request for the zone: the one with the zone, if there is any. */
export function transferOf(wire: readonly DnsFrame[], zone: string): DnsFrame | undefined {
  const answers = wire.filter(
    (it) =>
      it.response && it.sourcePort === 53 && it.name === zone.toLowerCase() && (it.type === axfr || it.type === ixfr),
  );
  return answers.find(isTransfer) ?? answers[0];
}

function isTransfer(answer: DnsFrame | undefined): boolean {
  return answer !== undefined && answer.rcode === 0 && answer.answers > 0;
}

/**
 * The secondary's answer to a NOTIFY (RFC 1996): the one that accepts it, if there is any. named says the same once
 * more by TCP and without a key where the signed one was refused, and is believed by its address then.
 */
export function notifyOf(wire: readonly DnsFrame[], zone: string): DnsFrame | undefined {
  const answers = notifiesOf(wire, zone);
  return answers.find((it) => it.rcode === 0) ?? answers[0];
}

function notifiesOf(wire: readonly DnsFrame[], zone: string): DnsFrame[] {
  return wire.filter((it) => it.response && it.opcode === notify && [zone.toLowerCase(), ''].includes(it.name));
}

function transferAttempt(zone: string, wire: readonly DnsFrame[], { primary, secondary }: Params): Attempt {
  const answer = transferOf(wire, zone);
  return {
    label: `${secondary} fetches ${zone} from ${primary}`,
    role: 'try',
    from: secondary,
    to: primary,
    sent: true,
    succeeded: isTransfer(answer),
    seen:
      answer === undefined
        ? `no answer to a transfer was seen within ${patienceMs / 1000} s`
        : `${primary} answered with ${answer.answers} records, rcode ${answer.rcode}`,
    repeat: `breakwater exec ${secondary} -- rndc retransfer ${zone}`,
  };
}

function notifyAttempt(zone: string, wire: readonly DnsFrame[], { primary, secondary }: Params): Attempt {
  const answer = notifyOf(wire, zone);
  const refused = notifiesOf(wire, zone).find((it) => it.rcode !== 0 && it !== answer);
  return {
    label: `${primary} announces ${zone} to ${secondary}`,
    role: 'try',
    from: primary,
    to: secondary,
    sent: true,
    succeeded: answer?.rcode === 0,
    seen:
      answer === undefined
        ? `no NOTIFY was answered within ${patienceMs / 1000} s`
        : `${secondary} answered the NOTIFY, rcode ${answer.rcode}` +
          (refused === undefined ? '' : `, and another one with rcode ${refused.rcode}`),
    repeat: `breakwater exec ${primary} -- rndc notify ${zone}`,
  };
}

interface Serials {
  readonly zone: string;
  readonly family: Family;
  readonly question: Question;
  readonly ofPrimary: Answer | undefined;
  readonly ofSecondary: Answer | undefined;
}

/** A zone is served a moment after its last packet came in. */
async function askUntilEqual(params: Params, context: ProbeContext): Promise<Serials[]> {
  let serials: Serials[] = [];
  await pollUntil(async () => {
    serials = await askSerials(params, context);
    return serials.every(({ ofPrimary, ofSecondary }) => serialOf(ofPrimary) === serialOf(ofSecondary));
  }, 2000);
  return serials;
}

/** Asked from the primary, which reaches both. */
async function askSerials(
  { primary, secondary, zones }: Params,
  { network, plan, signal }: ProbeContext,
): Promise<Serials[]> {
  const families = addressesOf(plan, secondary).filter(({ family }) => addressOf(plan, primary, family) !== undefined);
  const ask = (server: string, zone: string): Question => ({
    server,
    name: zone,
    type: 'SOA',
    transport: 'udp',
    recurse: false,
  });
  const pairs = families.flatMap(({ family, address }) =>
    zones.map((zone) => ({ family, zone, question: ask(address, zone) })),
  );
  const twins = pairs.map(({ family, zone }) => ask(addressOf(plan, primary, family) ?? '', zone));
  const answers = await askQuestions(network.node(primary), [...pairs.map((it) => it.question), ...twins], signal);
  return pairs.map((pair, index) => ({
    ...pair,
    ofSecondary: answers[index],
    ofPrimary: answers[pairs.length + index],
  }));
}

function serialAttempt(
  { zone, family, question, ofPrimary, ofSecondary }: Serials,
  { primary, secondary }: Params,
): Attempt {
  const [serial, copy] = [ofPrimary, ofSecondary].map(serialOf);
  return {
    label: `${secondary} serves ${zone} as ${primary} has it`,
    role: 'try',
    family,
    from: primary,
    to: question.server,
    sent: true,
    succeeded: serial !== undefined && serial === copy && (ofSecondary?.flags.includes('aa') ?? false),
    seen: `serial ${serial ?? 'unknown'} at ${primary}, ${copy ?? 'none'} at ${secondary}: ${describeAnswer(ofSecondary)}`,
    repeat: digCommand(primary, question),
  };
}

function serialOf(answer: Answer | undefined): string | undefined {
  return answer?.answer
    .map((record) => /\sSOA\s+\S+\s+\S+\s+(\d+)/.exec(record)?.[1])
    .find((serial) => serial !== undefined);
}
