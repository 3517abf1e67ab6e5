import type { Attempt, Observation } from '../model/observation.ts';
import type { CheckKind } from '../model/lab.ts';
import { classesAmong } from '../model/places.ts';
import type { CommandResult } from '../exec/command.ts';
import { Deliveries, type Delivery, placesFor, planDeliveries, type PlannedDelivery } from './mail/deliveries.ts';
import { type HeldDialogue, holdDialogues } from './mail/dialogue.ts';
import { logEvidence, mailboxEvidence, transcriptEvidence } from './mail/evidence.ts';
import { composeMessage, swaksCommand } from './mail/letter.ts';
import { proofOf, wayOf } from './mail/proof.ts';
import { submitterOf } from './mail/submitter.ts';
import { type MailTraces, mailboxWith, queueWith, settleMail, tieRemoval } from './mail/trace.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

/** What was said when the message was handed over. */
type HandOver = Pick<HeldDialogue, 'left' | 'answered' | 'reply'> & {
  readonly accepted: boolean;
  readonly dialogue?: HeldDialogue;
};

/** Sends mail the way people and programs do, and looks whether it gets into its mailbox. */
export const deliverMail = defineProbe({
  name: 'deliver-mail',
  summary:
    'Sends mail over SMTP, by submission with a login, and from a local program, and looks for it in the mailboxes where it is to end.',
  params: Deliveries,
  nodes: ({ deliveries, canaries }, plan) =>
    [...deliveries, ...canaries].flatMap((it) => [
      ...(it.by === 'smtp' ? new Set(placesFor(it, plan).map(({ node }) => node)) : [it.from]),
      it.arrivesAt,
      ...(it.by === 'smtp' ? [it.server] : []),
    ]),
  classes: ({ deliveries, canaries }) =>
    [...deliveries, ...canaries].flatMap((it) => (it.by === 'smtp' ? classesAmong([it.from].flat()) : [])),
  observe,
});

async function observe(params: Deliveries, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal, kind } = context;
  const planned = planDeliveries(params, plan, nonce);
  const deliveries = planned.map((it) => it.delivery);
  const servers = mailNodes(deliveries);
  const release = await tieRemoval(network, servers, nonce);
  try {
    const letters = planned.flatMap(({ letter }) => letter ?? []);
    const [dialogues, local] = await Promise.all([
      holdDialogues(context, letters, {
        watched: kind !== 'service',
        comesAgain: (letter) =>
          planned.some((it) => it.letter === letter && it.delivery.by === 'smtp' && it.delivery.comesAgain),
      }),
      Promise.all(planned.map((it) => (it.letter === undefined ? sendLocally(it, context) : undefined))),
    ]);
    const handOvers = planned.map(({ letter }, index) =>
      letter === undefined
        ? ofLocal(local[index])
        : ofDialogue(dialogues.find((it) => it.letter === letter) as HeldDialogue, kind),
    );
    const accepted = planned.filter((it, index) => handOvers[index]?.accepted && it.letter?.until === undefined);
    const traces = await settleMail(network, servers, nonce, {
      complete: (now) =>
        accepted.every(
          (it) => mailboxWith(now, it.delivery.arrivesAt, it.token) !== undefined && trailOf(it, now)?.lost !== true,
        ),
      timeoutMs: 45_000,
      signal,
    });
    return {
      attempts: planned.map((it, index) => attemptOf(it, handOvers[index] as HandOver, traces, servers, kind)),
      evidence: [
        ...(dialogues.length === 0 ? [] : [await transcriptEvidence(dialogues, context)]),
        ...(await Promise.all(destinations(deliveries).map((node) => mailboxEvidence(node, traces, context)))),
        ...(await Promise.all(servers.map((node) => logEvidence(node, traces, context)))),
      ],
    };
  } finally {
    await release();
  }
}

async function sendLocally(
  { delivery, sender, token }: PlannedDelivery,
  { network, signal }: ProbeContext,
): Promise<CommandResult> {
  const { recipient } = delivery;
  const message = composeMessage({ token, sender, recipient }).replaceAll('\r\n', '\n');
  const from = delivery.by === 'sendmail' ? delivery.from : '';
  return network.node(from).exec(['sendmail', '-i', '-f', sender, '--', recipient], { input: message, signal });
}

function ofLocal(result: CommandResult | undefined): HandOver {
  const accepted = result?.exitCode === 0;
  const reply = accepted ? 'sendmail took it' : `sendmail: ${result?.stderr.trim() ?? ''}`;
  return { left: true, accepted, answered: !accepted, reply };
}

/** A server that cannot be reached or says nothing has not done its service: that is an attempt all the same. */
function ofDialogue(dialogue: HeldDialogue, kind: CheckKind): HandOver {
  const { outcome, reply, answered } = dialogue;
  return {
    left: kind === 'service' || dialogue.left,
    accepted: outcome === 'accepted',
    answered,
    reply: `${outcome}: ${reply}`,
    dialogue,
  };
}

function attemptOf(
  planned: PlannedDelivery,
  handOver: HandOver,
  traces: MailTraces,
  servers: readonly string[],
  kind: CheckKind,
): Attempt {
  const { delivery, label, role, from, token, letter } = planned;
  const { left, accepted, reply, dialogue } = handOver;
  const { arrivesAt, recipient } = delivery;
  const mailbox = mailboxWith(traces, arrivesAt, token);
  const trail = mailbox === undefined ? undefined : trailOf(planned, traces);
  const harm = kind === 'abuse' && role === 'try' ? harmOf(planned, handOver, traces, servers) : undefined;
  const settled = letter?.until === undefined ? mailbox !== undefined && trail?.lost !== true : accepted;
  return {
    label,
    role,
    ...(letter === undefined ? {} : { family: letter.family }),
    from,
    to: letter === undefined ? recipient : `${recipient} by ${letter.host} port ${letter.port}`,
    sent: left,
    succeeded: settled || harm !== undefined,
    proof:
      dialogue === undefined
        ? handOver.answered
          ? 'answered'
          : 'canary'
        : proofOf(dialogue, traces.get(dialogue.letter.server)),
    way: letter === undefined ? 'sendmail' : wayOf(letter),
    seen: [
      reply,
      ...(harm === undefined ? [] : [harm]),
      ...(mailbox !== undefined
        ? [`found in ${arrivesAt}:${mailbox}`, ...(trail === undefined ? [] : [trail.told])]
        : accepted && letter?.until === undefined
          ? [whereabouts(token, traces, servers, arrivesAt)]
          : []),
    ].join('; '),
    repeat:
      letter === undefined
        ? `breakwater exec ${from} -- sh -c 'echo test | sendmail -i -f ${planned.sender} ${recipient}'`
        : swaksCommand(letter),
  };
}

/** What an attack has reached although nothing is in the mailbox. */
function harmOf(
  { delivery, token, letter }: PlannedDelivery,
  { accepted, dialogue }: HandOver,
  traces: MailTraces,
  servers: readonly string[],
): string | undefined {
  if (dialogue?.login === 'taken' && !dialogue.secret && letter?.inClear === true)
    return 'the password was taken in the clear';
  if (!accepted) return undefined;
  if (delivery.by === 'smtp' && delivery.takenIsHarm) return 'it was taken';
  // What was taken and waits in the queue has worked, only later.
  return servers.some((it) => queueWith(traces, it, token) !== undefined) ? 'it waits in the queue' : undefined;
}

/** Where the log of the server leads, for a delivery that has to be traced. */
function trailOf(
  { delivery, token, letter }: PlannedDelivery,
  traces: MailTraces,
): { lost: boolean; told: string } | undefined {
  if (delivery.by !== 'smtp' || !delivery.traced || letter === undefined) return undefined;
  const found = submitterOf(traces.get(delivery.server)?.log ?? [], token);
  const where = `the log of ${delivery.server}`;
  if (found === undefined) return { lost: true, told: `${where} does not tell who handed it in` };
  const { user, address, port } = found;
  const lost = user !== letter.login?.user || address !== letter.source || port === undefined;
  return {
    lost,
    told: `${where} names ${user ?? 'no login'} at ${address}, ${port === undefined ? 'no port' : `port ${port}`}`,
  };
}

/** Where a message is that was taken and did not arrive: in somebody's queue, in another mailbox, or gone. */
function whereabouts(token: string, traces: MailTraces, servers: readonly string[], arrivesAt: string): string {
  const found = servers.flatMap((node) => {
    const queue = queueWith(traces, node, token);
    const mailbox = mailboxWith(traces, node, token);
    return [
      ...(queue === undefined ? [] : [`it waits in the ${queue} queue of ${node}`]),
      ...(mailbox === undefined ? [] : [`something about it lies in ${node}:${mailbox}`]),
    ];
  });
  return [`it did not arrive at ${arrivesAt}`, ...found].join(', ');
}

/** Where mail of these deliveries may be, from the servers that take it to the mailboxes. */
function mailNodes(deliveries: readonly Delivery[]): string[] {
  const first = deliveries.map((it) => (it.by === 'smtp' ? it.server : it.from));
  return [...new Set([...first, ...destinations(deliveries)])];
}

function destinations(deliveries: readonly Delivery[]): string[] {
  return [...new Set(deliveries.map((it) => it.arrivesAt))];
}
