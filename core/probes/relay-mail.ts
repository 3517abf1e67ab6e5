import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { addressOf, type Family, type Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { type HeldDialogue, holdDialogues } from './mail/dialogue.ts';
import { type Letter, swaksCommand } from './mail/letter.ts';
import { backscatterForms, type RelayForm, relayForms } from './mail/relay-forms.ts';
import { type MailTraces, mailboxWith, queueWith, settleMail, tieRemoval } from './mail/trace.ts';
import { logEvidence, mailboxEvidence, transcriptEvidence } from './mail/evidence.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  server: NodeName.describe('The mail server that must not relay'),
  domain: z.string().describe('A domain it takes mail for; forged as sender and HELO'),
  alsoDomains: z
    .array(z.string())
    .default([])
    .describe('Other domains it takes mail for: unknown users there must be refused at the door too'),
  from: NodeName.describe('The attacker'),
  alsoFrom: z
    .array(NodeName)
    .default([])
    .describe('Other places that deserve no trust: each tries the plain forms on the first port'),
  forms: z
    .enum(['all', 'plain'])
    .default('all')
    .describe('all: every form of address, and backscatter; plain: open doors only, without tricks of syntax'),
  ports: z
    .array(z.number().int().min(1).max(65_535))
    .min(1)
    .default([25, 587])
    .describe('SMTP ports: all forms on the first, the plain ones on the others; a closed port counts as refused'),
  sink: NodeName.describe('The third party: its mailboxes tell what was relayed or bounced to it'),
  victim: z.email().describe('A mailbox there, which anybody may write to'),
  canary: z.email().describe('A mailbox at the server, which every place may write to'),
});
type Params = z.infer<typeof Params>;

interface PlannedLetter extends Letter {
  readonly label: string;
  readonly role: Attempt['role'];
  /** The node where the letter has its effect. */
  readonly arrivesAt: string;
}

/** Tries to make a mail server send mail to third parties, and looks into the third party's mailboxes. */
export const relayMail = defineProbe({
  name: 'relay-mail',
  summary:
    'Tries to relay mail through a server with every form of address, from several places, and to make it bounce mail to a forged sender; counts what arrives at the third party.',
  params: Params,
  nodes: ({ server, from, alsoFrom, sink }) => [server, sink, from, ...alsoFrom],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal } = context;
  const { server, sink } = params;
  const letters = planLetters(params, plan, nonce);
  const release = await tieRemoval(network, [server, sink], nonce);
  try {
    const dialogues = await holdDialogues(network, letters, signal);
    const legitimate = letters.filter(
      (letter, index) => letter.role === 'canary' && dialogues[index]?.outcome === 'accepted',
    );
    const traces = await settleMail(network, [server, sink], nonce, {
      complete: (now) => legitimate.every(({ arrivesAt, token }) => mailboxWith(now, arrivesAt, token) !== undefined),
      timeoutMs: 8000,
      signal,
    });
    const attempts = letters.map((letter, index) => attemptOf(letter, dialogues[index], traces, params));
    return { attempts, evidence: await keepEvidence(params, dialogues, traces, context) };
  } finally {
    await release();
  }
}

/** Every letter of the battery, over every family in which both ends have an address. */
export function planLetters(params: Params, plan: Plan, nonce: string): PlannedLetter[] {
  const letters = addressesOf(plan, params.server).flatMap(({ family }) => [
    ...params.ports.flatMap((port, index) => tries(params, plan, family, port, index === 0)),
    ...canaries(params, plan, family),
  ]);
  return letters.map((letter, index) => ({
    ...letter,
    sender: letter.sender.replace('NONCE', nonce),
    helo: letter.helo.replace('NONCE', nonce),
    token: `${nonce}-${index}`,
  }));
}

type Draft = Omit<PlannedLetter, 'token'>;

function tries(params: Params, plan: Plan, family: Family, port: number, first: boolean): Draft[] {
  const plain = relayForms.filter((form) => form.plain);
  const battery = first && params.forms === 'all' ? [...relayForms, ...backscatterForms(params.alsoDomains)] : plain;
  const elsewhere = first ? params.alsoFrom : [];
  return [
    ...battery.map((form) => draft(form, params.from, params, plan, family, port)),
    ...elsewhere.flatMap((from) => plain.map((form) => draft(form, from, params, plan, family, port))),
  ];
}

function draft(form: RelayForm, from: string, params: Params, plan: Plan, family: Family, port: number): Draft {
  const { server, domain, sink, victim } = params;
  const base = envelope(params, plan, family);
  const said = form.say({ ...base, domain, family, victim, victimHost: addressOf(plan, sink, family) ?? '' });
  const where =
    from === params.from && port === params.ports[0] ? '' : `, from ${from}${port === 25 ? '' : ` on port ${port}`}`;
  return { ...base, ...said, label: form.label + where, role: 'try', from, server, family, port, arrivesAt: sink };
}

/** What everybody may do, from every place: write to a mailbox of ours, and to the third party directly. */
function canaries(params: Params, plan: Plan, family: Family): Draft[] {
  const { server, sink, canary, victim, from, alsoFrom } = params;
  const base = envelope(params, plan, family);
  const common = { role: 'canary' as const, family, port: 25, helo: base.helo, sender: base.sender };
  const direct = addressOf(plan, sink, family);
  return [
    ...[from, ...alsoFrom].map((node) => ({
      ...common,
      label: `mail from ${node} for a mailbox of ours`,
      from: node,
      server,
      host: base.host,
      recipient: canary,
      arrivesAt: server,
    })),
    ...(direct === undefined
      ? []
      : [
          {
            ...common,
            label: 'mail straight to the third party',
            from,
            server: sink,
            host: direct,
            recipient: victim,
            arrivesAt: sink,
          },
        ]),
  ];
}

function envelope({ server, from }: Params, plan: Plan, family: Family): Pick<Letter, 'host' | 'helo' | 'sender'> {
  const name = plan.nodes[from]?.names[0] ?? `${from}.invalid`;
  const domain = name.slice(name.indexOf('.') + 1);
  return { host: addressOf(plan, server, family) ?? '', helo: name, sender: `a-NONCE@${domain}` };
}

function attemptOf(
  letter: PlannedLetter,
  dialogue: HeldDialogue | undefined,
  traces: MailTraces,
  params: Params,
): Attempt {
  const { label, role, family, from, arrivesAt, host, port, token } = letter;
  const outcome = dialogue?.outcome ?? 'silent';
  const mailbox = mailboxWith(traces, arrivesAt, token);
  const queue = outcome === 'accepted' ? queueWith(traces, params.server, token) : undefined;
  // Accepted for a third party and not yet rid of it is relaying too, only later.
  const succeeded = mailbox !== undefined || (role === 'try' && queue !== undefined);
  return {
    label,
    role,
    family,
    from,
    to: `${host} port ${port}`,
    sent: outcome === 'accepted' || outcome === 'refused' || outcome === 'closed',
    succeeded,
    seen: seenOf(dialogue, mailbox, queue, letter, params),
    repeat: swaksCommand(letter),
  };
}

function seenOf(
  dialogue: HeldDialogue | undefined,
  mailbox: string | undefined,
  queue: string | undefined,
  { arrivesAt }: PlannedLetter,
  { server }: Params,
): string {
  const reply = dialogue?.reply ?? 'no answer';
  if (mailbox !== undefined) return `accepted (${reply}); found in ${arrivesAt}:${mailbox}`;
  if (queue !== undefined) return `accepted (${reply}); waits in the ${queue} queue of ${server}`;
  return dialogue?.outcome === 'accepted'
    ? `accepted (${reply}), and did not arrive`
    : `${dialogue?.outcome}: ${reply}`;
}

async function keepEvidence(
  { server, sink }: Params,
  dialogues: readonly HeldDialogue[],
  traces: MailTraces,
  context: ProbeContext,
): Promise<Evidence[]> {
  return [
    await transcriptEvidence(dialogues, context),
    await mailboxEvidence(sink, traces, context),
    await logEvidence(server, traces, context),
  ];
}
