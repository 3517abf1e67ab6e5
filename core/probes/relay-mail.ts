import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { classesAmong, PlaceName } from '../model/places.ts';
import { type HeldDialogue, holdDialogues } from './mail/dialogue.ts';
import { logEvidence, mailboxEvidence, transcriptEvidence } from './mail/evidence.ts';
import { type Letter, swaksCommand } from './mail/letter.ts';
import { proofOf, wayOf } from './mail/proof.ts';
import { attackersOf, type PlannedLetter, planLetters } from './mail/relay-letters.ts';
import { type MailTraces, mailboxWith, queueWith, settleMail, tieRemoval } from './mail/trace.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  server: NodeName.describe('The mail server that must not relay'),
  domain: z.string().describe('A domain it takes mail for; forged as sender and HELO'),
  alsoDomains: z
    .array(z.string())
    .default([])
    .describe('Other domains it takes mail for: unknown users there must be refused at the door too'),
  namesUs: z
    .array(z.string())
    .default([])
    .describe('Domains of third parties with a mailbox at `sink` whose DNS lists the server as an exchanger'),
  from: z.array(PlaceName).min(1).describe('Attackers: the first of them tries everything, the others the plain forms'),
  alsoFrom: z
    .array(PlaceName)
    .default([])
    .describe('Other places that deserve no trust: each address tries the plain forms'),
  except: z.array(NodeName).default([]).describe('Machines of those classes that may relay, or that have no way there'),
  users: z
    .record(z.string(), z.string())
    .default({})
    .describe('Login → password: who tries to log in on the first port, with TLS and without, and to relay then'),
  forms: z
    .enum(['all', 'plain'])
    .default('all')
    .describe('all: every form of address, and backscatter; plain: open doors only, without tricks of syntax'),
  ports: z
    .array(z.number().int().min(1).max(65_535))
    .min(1)
    .default([25, 587, 465])
    .describe('SMTP ports; a port that answers with a reset has refused'),
  sink: NodeName.describe('The third party: its mailboxes tell what was relayed or bounced to it'),
  victim: z.email().describe('A mailbox there, which anybody may write to'),
  canary: z.email().describe('A mailbox at the server, which every place may write to'),
  canaryBy: NodeName.optional().describe('The exchanger by which that mailbox is written to; the server when left out'),
});
type Params = z.infer<typeof Params>;

/** Tries to make a mail server send mail to third parties, and looks into the third party's mailboxes. */
export const relayMail = defineProbe({
  name: 'relay-mail',
  summary:
    'Tries to relay mail through a server with every form of address, from several places, and to make it bounce mail to a forged sender; counts what arrives at the third party.',
  params: Params,
  nodes: (params, plan) => [
    params.server,
    params.sink,
    ...(params.canaryBy === undefined ? [] : [params.canaryBy]),
    ...attackersOf(params, plan),
  ],
  classes: ({ from, alsoFrom }) => classesAmong([...from, ...alsoFrom]),
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal } = context;
  const { server, sink, canaryBy = server } = params;
  const nodes = [...new Set([server, sink, canaryBy])];
  const letters = planLetters(params, plan, nonce);
  const comesAgain = (it: Letter): boolean => letters.find((letter) => letter === it)?.role === 'canary';
  const release = await tieRemoval(network, nodes, nonce);
  try {
    const dialogues = await holdDialogues(context, letters, { watched: true, comesAgain });
    const legitimate = letters.filter(
      (letter, index) => letter.role === 'canary' && dialogues[index]?.outcome === 'accepted',
    );
    const traces = await settleMail(network, nodes, nonce, {
      complete: (now) => legitimate.every(({ arrivesAt, token }) => mailboxWith(now, arrivesAt, token) !== undefined),
      timeoutMs: 45_000,
      signal,
    });
    const attempts = letters.map((letter, index) =>
      attemptOf(letter, dialogues[index] as HeldDialogue, traces, params),
    );
    return { attempts, evidence: await keepEvidence(params, dialogues, traces, context) };
  } finally {
    await release();
  }
}

function attemptOf(
  letter: PlannedLetter,
  dialogue: HeldDialogue,
  traces: MailTraces,
  { server, sink, canary }: Params,
): Attempt {
  const { label, role, family, from, arrivesAt, host, port, token } = letter;
  // A letter that was taken for one of ours alone was refused for the stranger.
  const answered =
    dialogue.answered || (dialogue.outcome === 'accepted' && dialogue.taken.every((it) => it === canary));
  const mailbox = mailboxWith(traces, arrivesAt, token);
  const queue = answered ? undefined : queueWith(traces, server, token);
  // Accepted for a third party and not yet rid of it is relaying too, only later.
  const succeeded = mailbox !== undefined || (role === 'try' && queue !== undefined);
  return {
    label,
    role,
    family,
    from,
    to: `${host} port ${port}`,
    sent: dialogue.left,
    succeeded,
    proof: answered ? 'answered' : proofOf(dialogue, traces.get(server)),
    way: wayOf(letter),
    seen: seenOf(dialogue, mailbox, queue, arrivesAt, server, sink),
    repeat: swaksCommand(letter),
  };
}

function seenOf(
  { outcome, reply }: HeldDialogue,
  mailbox: string | undefined,
  queue: string | undefined,
  arrivesAt: string,
  server: string,
  sink: string,
): string {
  if (mailbox !== undefined) return `accepted (${reply}); found in ${arrivesAt}:${mailbox}`;
  if (queue !== undefined) return `accepted (${reply}); waits in the ${queue} queue of ${server}`;
  return outcome === 'accepted' ? `accepted (${reply}), and did not arrive at ${sink}` : `${outcome}: ${reply}`;
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
