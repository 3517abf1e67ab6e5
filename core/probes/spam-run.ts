import { z } from 'zod';

import type { CheckKind } from '../model/lab.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { type HeldDialogue, holdDialogues } from './mail/dialogue.ts';
import { talkEarly } from './mail/early-talker.ts';
import { logEvidence, mailboxEvidence, transcriptEvidence } from './mail/evidence.ts';
import { type Letter, swaksCommand } from './mail/letter.ts';
import { type MailTraces, mailboxWith, queueWith, settleMail, tieRemoval } from './mail/trace.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Run = z.strictObject({
  label: z.string().describe('Who sends what, in words a trainee understands'),
  from: z.array(NodeName).min(1).describe('The nodes that send; each sends all of it'),
  ports: z.array(z.number().int().min(1).max(65_535)).min(1).default([25]).describe('25, or 587 and 465 to submit'),
  user: z.string().optional().describe('Logs in with this name first (SMTP AUTH)'),
  password: z.string().optional().describe('The password of `user`'),
  sender: z.union([z.email(), z.literal('')]).describe('MAIL FROM; empty for the null sender of a bounce'),
  recipient: z.email().describe('RCPT TO'),
  arrivesAt: NodeName.describe('The node with the mailbox where it ends'),
  messages: z.number().int().min(1).max(200).default(1).describe('From each node, over each family, on each port'),
  guesses: z.number().int().min(0).max(200).default(0).describe('As many names that nobody has are tried before'),
  early: z.boolean().default(false).describe('Says everything at once and waits for no answer'),
  most: z.number().int().min(0).default(0).describe('In an abuse check: as many messages of the run may get through'),
});
type Run = z.infer<typeof Run>;

const Params = z.strictObject({
  server: NodeName.describe('The mail server that is written to'),
  runs: z.array(Run).min(1).describe('Messages in a row, as fast as the server takes them'),
  canaries: z.array(Run).default([]).describe('For abuse checks: legitimate mail at the same time, from elsewhere'),
});
type Params = z.infer<typeof Params>;

interface PlannedRun {
  readonly run: Run;
  readonly role: Attempt['role'];
  readonly letters: readonly Letter[];
}

/** Sends mail in bulk, as spammers and newsletters do, and counts what gets into mailboxes. */
export const spamRun = defineProbe({
  name: 'spam-run',
  summary:
    'Sends mail in bulk to a server, to guessed names, with a stolen login, or without waiting for answers, and counts what gets into the mailboxes.',
  params: Params,
  nodes: ({ server, runs, canaries }) => [
    server,
    ...[...runs, ...canaries].flatMap((it) => [...it.from, it.arrivesAt]),
  ],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal, kind } = context;
  const planned = planRuns(params, plan, nonce);
  const mailboxes = [...new Set(planned.map(({ run }) => run.arrivesAt))];
  const nodes = [...new Set([params.server, ...mailboxes])];
  const release = await tieRemoval(network, nodes, nonce);
  try {
    const early = planned.filter(({ run }) => run.early).flatMap(({ letters }) => letters);
    const orderly = planned.filter(({ run }) => !run.early);
    const guesses = orderly.flatMap(({ run, letters }) => letters.filter((it) => it.recipient !== run.recipient));
    const others = orderly.flatMap(({ run, letters }) => letters.filter((it) => it.recipient === run.recipient));
    // Many dialogues go on side by side: what comes after the guesses waits until the last of them is over.
    const held = async () => [
      ...(await holdDialogues(network, guesses, signal)),
      ...(await holdDialogues(network, others, signal)),
    ];
    const [orderlyHeld, ...blurted] = await Promise.all([
      held(),
      ...early.map((letter) => talkEarly(network, letter, signal)),
    ]);
    const dialogues = [...orderlyHeld, ...blurted];
    const taken = planned.flatMap(({ run, letters }) =>
      acceptedOf(letters, dialogues).map((letter) => ({ run, letter })),
    );
    const traces = await settleMail(network, nodes, nonce, {
      complete: (now) => taken.every(({ run, letter }) => mailboxWith(now, run.arrivesAt, letter.token) !== undefined),
      timeoutMs: 15_000,
      signal,
    });
    return {
      attempts: planned.map((it) => attemptOf(it, dialogues, traces, nodes, kind)),
      evidence: [
        await transcriptEvidence(dialogues, context),
        ...(await Promise.all(mailboxes.map((node) => mailboxEvidence(node, traces, context)))),
        await logEvidence(params.server, traces, context),
      ],
    };
  } finally {
    await release();
  }
}

/** The letters of every run, from each of its nodes, over every family of the server, guessed names first. */
export function planRuns({ server, runs, canaries }: Params, plan: Plan, nonce: string): PlannedRun[] {
  let count = 0;
  const lettersOf = (run: Run): Letter[] =>
    run.from.flatMap((from) =>
      run.ports.flatMap((port) =>
        addressesOf(plan, server).flatMap(({ family, address }) =>
          recipientsOf(run).map((recipient) => ({
            token: `${nonce}-${count++}`,
            from,
            server,
            family,
            host: address,
            port,
            helo: plan.nodes[from]?.names[0] ?? `${from}.invalid`,
            sender: run.sender,
            recipient,
            ...(run.user === undefined
              ? { inClear: true }
              : { login: { user: run.user, password: run.password ?? '' } }),
          })),
        ),
      ),
    );
  return [
    ...runs.map((run) => ({ run, role: 'try' as const, letters: lettersOf(run) })),
    ...canaries.map((run) => ({ run, role: 'canary' as const, letters: lettersOf(run) })),
  ];
}

function recipientsOf({ recipient, guesses, messages }: Run): string[] {
  const domain = recipient.slice(recipient.lastIndexOf('@'));
  return [
    ...Array.from({ length: guesses }, (_, index) => `guess${index + 1}${domain}`),
    ...Array.from({ length: messages }, () => recipient),
  ];
}

function acceptedOf(letters: readonly Letter[], dialogues: readonly HeldDialogue[]): Letter[] {
  const accepted = new Set(dialogues.filter((it) => it.outcome === 'accepted').map((it) => it.letter));
  return letters.filter((letter) => accepted.has(letter));
}

function attemptOf(
  { run, role, letters }: PlannedRun,
  dialogues: readonly HeldDialogue[],
  traces: MailTraces,
  nodes: readonly string[],
  kind: CheckKind,
): Attempt {
  const { label, from, recipient, arrivesAt, most } = run;
  const own = dialogues.filter((it) => letters.includes(it.letter));
  const accepted = acceptedOf(letters, own);
  const found = accepted.filter(({ token }) => mailboxWith(traces, arrivesAt, token) !== undefined);
  // What was taken and waits has worked, only later.
  const waiting = accepted.filter(
    (it) => !found.includes(it) && nodes.some((node) => queueWith(traces, node, it.token) !== undefined),
  );
  const wanted = letters.filter((it) => it.recipient === recipient);
  const limited = kind === 'abuse' && role === 'try';
  const refusal = own.find((it) => it.outcome !== 'accepted' && it.letter.recipient === recipient);
  return {
    label,
    role,
    from: from[0] ?? '',
    to: recipient,
    sent: !limited ? true : own.every((it) => it.outcome !== 'unreachable' && it.outcome !== 'silent'),
    succeeded: limited ? found.length + waiting.length > most : found.length === wanted.length,
    seen: [
      `${letters.length} messages from ${from.join(', ')}, ${accepted.length} accepted`,
      `${found.length} found in mailboxes of ${arrivesAt}`,
      ...(waiting.length === 0 ? [] : [`${waiting.length} in queues`]),
      ...(limited ? [`${most} may be`] : []),
      ...(refusal === undefined ? [] : [`one was told ${refusal.reply}`]),
    ].join(', '),
    repeat: letters[0] === undefined ? '' : swaksCommand(wanted[0] ?? letters[0]),
  };
}
