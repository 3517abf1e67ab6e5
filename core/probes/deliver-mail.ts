import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import type { CheckKind } from '../model/lab.ts';
import { addressOf, type Family, type Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import type { CommandResult } from '../exec/command.ts';
import { type HeldDialogue, holdDialogues } from './mail/dialogue.ts';
import { logEvidence, mailboxEvidence, transcriptEvidence } from './mail/evidence.ts';
import { composeMessage, type Letter, swaksCommand } from './mail/letter.ts';
import { submitterOf } from './mail/submitter.ts';
import { type MailTraces, mailboxWith, queueWith, settleMail, tieRemoval } from './mail/trace.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const common = {
  label: z.string().describe('Who writes to whom, in words a trainee understands'),
  from: NodeName.describe('The node that sends'),
  sender: z.union([z.email(), z.literal('')]).describe('MAIL FROM; empty for the null sender of a bounce'),
  recipient: z.email().describe('RCPT TO'),
  arrivesAt: NodeName.describe('The node with the mailbox where it must end'),
};

const Delivery = z.discriminatedUnion('by', [
  z.strictObject({
    ...common,
    by: z.literal('smtp').describe('Handed to a server over SMTP, once over each address family'),
    server: NodeName.describe('The server it is handed to'),
    port: z.number().int().min(1).max(65_535).default(25).describe('25, or 587 to submit'),
    user: z.string().optional().describe('Logs in with this name first (SMTP AUTH)'),
    password: z.string().optional().describe('The password of `user`'),
    tls: z.boolean().default(true).describe('false: passes over STARTTLS, and so shows a password to everybody'),
    traced: z
      .boolean()
      .default(false)
      .describe("In a service check: the server's log has to lead from the message to `user`, address and port"),
  }),
  z.strictObject({
    ...common,
    by: z.literal('sendmail').describe('Handed to sendmail on the node itself, as cron does'),
  }),
]);
type Delivery = z.infer<typeof Delivery>;

const Params = z.strictObject({
  deliveries: z.array(Delivery).min(1).describe('Mail that has to arrive; in an abuse check, that must not'),
  canaries: z.array(Delivery).default([]).describe('For abuse checks: legitimate mail of the same places'),
});
type Params = z.infer<typeof Params>;

/** A delivery over one family, or a local one over none. */
interface PlannedDelivery {
  readonly delivery: Delivery;
  readonly role: Attempt['role'];
  readonly token: string;
  readonly letter?: Letter;
}

/** What was said when the message was handed over. */
interface HandOver {
  readonly left: boolean;
  readonly accepted: boolean;
  readonly reply: string;
}

/** Sends mail the way people and programs do, and looks whether it gets into its mailbox. */
export const deliverMail = defineProbe({
  name: 'deliver-mail',
  summary:
    'Sends mail over SMTP, by submission with a login, and from a local program, and looks for it in the mailboxes where it is to end.',
  params: Params,
  nodes: ({ deliveries, canaries }) =>
    [...deliveries, ...canaries].flatMap((it) => [it.from, it.arrivesAt, ...(it.by === 'smtp' ? [it.server] : [])]),
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal, kind } = context;
  const planned = planDeliveries(params, plan, nonce);
  const deliveries = planned.map((it) => it.delivery);
  const servers = mailNodes(deliveries);
  const release = await tieRemoval(network, servers, nonce);
  try {
    const letters = planned.flatMap(({ letter }) => letter ?? []);
    const [dialogues, local] = await Promise.all([
      holdDialogues(network, letters, signal),
      Promise.all(planned.map((it) => (it.letter === undefined ? sendLocally(it, context) : undefined))),
    ]);
    const handOvers = planned.map(({ letter }, index) =>
      letter === undefined
        ? ofLocal(local[index])
        : ofDialogue(
            dialogues.find((it) => it.letter === letter),
            kind,
          ),
    );
    const accepted = planned.filter((_, index) => handOvers[index]?.accepted);
    const traces = await settleMail(network, servers, nonce, {
      complete: (now) =>
        accepted.every(
          (it) =>
            mailboxWith(now, it.delivery.arrivesAt, it.token) !== undefined && trailOf(it, now, plan)?.lost !== true,
        ),
      timeoutMs: 8000,
      signal,
    });
    return {
      attempts: planned.map((it, index) => attemptOf(it, handOvers[index] as HandOver, traces, servers, context)),
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

/** One attempt for each family of a delivery over SMTP in which the server has an address, one for a local delivery. */
export function planDeliveries({ deliveries, canaries }: Params, plan: Plan, nonce: string): PlannedDelivery[] {
  const inRole = (role: Attempt['role'], delivery: Delivery): Omit<PlannedDelivery, 'token'>[] => {
    if (delivery.by === 'sendmail') return [{ delivery, role }];
    const letters = addressesOf(plan, delivery.server).map((at) => letterOf(delivery, at, plan));
    return letters.map((letter) => ({ delivery, role, letter }));
  };
  return [
    ...deliveries.flatMap((delivery) => inRole('try', delivery)),
    ...canaries.flatMap((delivery) => inRole('canary', delivery)),
  ].map(({ delivery, role, letter }, index) => {
    const token = `${nonce}-${index}`;
    return { delivery, role, token, ...(letter === undefined ? {} : { letter: { ...letter, token } }) };
  });
}

function letterOf(
  delivery: Extract<Delivery, { by: 'smtp' }>,
  { family, address }: { family: Family; address: string },
  plan: Plan,
): Letter {
  const { from, server, port, sender, recipient, user, password, tls } = delivery;
  const helo = plan.nodes[from]?.names[0] ?? `${from}.invalid`;
  const login = user === undefined ? {} : { login: { user, password: password ?? '' } };
  return { token: '', from, server, family, host: address, port, helo, sender, recipient, ...login, inClear: !tls };
}

async function sendLocally(
  { delivery, token }: PlannedDelivery,
  { network, signal }: ProbeContext,
): Promise<CommandResult> {
  const { from, sender, recipient } = delivery;
  const message = composeMessage({ token, sender, recipient }).replaceAll('\r\n', '\n');
  return network.node(from).exec(['sendmail', '-i', '-f', sender, '--', recipient], { input: message, signal });
}

function ofLocal(result: CommandResult | undefined): HandOver {
  const accepted = result?.exitCode === 0;
  return { left: true, accepted, reply: accepted ? 'sendmail took it' : `sendmail: ${result?.stderr.trim() ?? ''}` };
}

/**
 * A server that cannot be reached or says nothing has not done its service: that is an attempt all the
 * same. It has refused nothing either, so for an attack it is none.
 */
function ofDialogue(dialogue: HeldDialogue | undefined, kind: CheckKind): HandOver {
  if (dialogue === undefined) return { left: false, accepted: false, reply: 'not tried' };
  const { outcome, reply } = dialogue;
  return {
    left: kind === 'service' || (outcome !== 'unreachable' && outcome !== 'silent'),
    accepted: outcome === 'accepted',
    reply: `${outcome}: ${reply}`,
  };
}

function attemptOf(
  planned: PlannedDelivery,
  { left, accepted, reply }: HandOver,
  traces: MailTraces,
  servers: readonly string[],
  { plan, kind }: ProbeContext,
): Attempt {
  const { delivery, role, token, letter } = planned;
  const { label, from, arrivesAt, sender, recipient } = delivery;
  const mailbox = mailboxWith(traces, arrivesAt, token);
  const trail = mailbox === undefined ? undefined : trailOf(planned, traces, plan);
  // An attack that was taken and waits in the queue has worked, only later.
  const queued =
    kind === 'abuse' && role === 'try' && accepted && servers.some((it) => queueWith(traces, it, token) !== undefined);
  return {
    label,
    role,
    ...(letter === undefined ? {} : { family: letter.family }),
    from,
    to: letter === undefined ? recipient : `${recipient} by ${letter.host} port ${letter.port}`,
    sent: left,
    succeeded: (mailbox !== undefined && trail?.lost !== true) || queued,
    seen:
      mailbox === undefined
        ? `${reply}${accepted ? `; ${whereabouts(token, traces, servers, arrivesAt)}` : ''}`
        : `${reply}; found in ${arrivesAt}:${mailbox}${trail === undefined ? '' : `; ${trail.told}`}`,
    repeat:
      letter === undefined
        ? `breakwater exec ${from} -- sh -c 'echo test | sendmail -i -f ${sender} ${recipient}'`
        : swaksCommand(letter),
  };
}

/** Where the log of the server leads, for a delivery that has to be traced. */
function trailOf(
  { delivery, token, letter }: PlannedDelivery,
  traces: MailTraces,
  plan: Plan,
): { lost: boolean; told: string } | undefined {
  if (delivery.by !== 'smtp' || !delivery.traced || letter === undefined) return undefined;
  const found = submitterOf(traces.get(delivery.server)?.log ?? [], token);
  const where = `the log of ${delivery.server}`;
  if (found === undefined) return { lost: true, told: `${where} does not tell who handed it in` };
  const { user, address, port } = found;
  const lost =
    user !== delivery.user || address !== addressOf(plan, delivery.from, letter.family) || port === undefined;
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
