import { z } from 'zod';

import type { CheckKind } from '../model/lab.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Observation, Proof } from '../model/observation.ts';
import { classesAmong } from '../model/places.ts';
import { type HeldDialogue, holdDialogues } from './mail/dialogue.ts';
import { logEvidence, mailboxEvidence, transcriptEvidence } from './mail/evidence.ts';
import { type Letter, swaksCommand } from './mail/letter.ts';
import { isDisposedOf, wayOf } from './mail/proof.ts';
import { placesOfRun, type PlannedRun, planRuns, Run } from './mail/run-letters.ts';
import { copiesOf, type MailTraces, mailboxWith, queueWith, settleMail, tieRemoval } from './mail/trace.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  server: NodeName.describe('The mail server that is written to'),
  runs: z.array(Run).min(1).describe('Messages in a row, as fast as the server takes them'),
  canaries: z.array(Run).default([]).describe('For abuse checks: legitimate mail at the same time'),
});
type Params = z.infer<typeof Params>;

/** Sends mail in bulk, as spammers and newsletters do, and counts what gets into mailboxes. */
export const spamRun = defineProbe({
  name: 'spam-run',
  summary:
    'Sends mail in bulk to a server, to guessed names, with a stolen login, or without waiting for answers, and counts what gets into the mailboxes.',
  params: Params,
  nodes: ({ server, runs, canaries }, plan) => [
    server,
    ...[...runs, ...canaries].flatMap((it) => [...placesOfRun(it, server, plan).map(({ node }) => node), it.arrivesAt]),
  ],
  classes: ({ runs, canaries }) => [...runs, ...canaries].flatMap((it) => classesAmong(it.from)),
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal, kind } = context;
  const planned = planRuns(params, plan, nonce);
  const mailboxes = [...new Set(planned.map(({ run }) => run.arrivesAt))];
  const nodes = [...new Set([params.server, ...mailboxes])];
  const release = await tieRemoval(network, nodes, nonce);
  try {
    const guesses = planned.flatMap(({ run, letters }) => letters.filter((it) => it.recipient !== run.recipient));
    const others = planned.flatMap(({ run, letters }) => letters.filter((it) => it.recipient === run.recipient));
    const watched = kind !== 'service';
    // Many dialogues go on side by side: what comes after the guesses waits until the last of them is over.
    const dialogues = [
      ...(await holdDialogues(context, guesses, { watched })),
      ...(await holdDialogues(context, others, { watched })),
    ];
    const taken = planned.flatMap(({ run, letters }) =>
      dialoguesOf(letters, dialogues)
        .filter((it) => it.outcome === 'accepted')
        .map(({ letter }) => ({ run, letter })),
    );
    const traces = await settleMail(network, nodes, nonce, {
      complete: (now) => taken.every(({ run, letter }) => mailboxWith(now, run.arrivesAt, letter.token) !== undefined),
      timeoutMs: 45_000,
      signal,
    });
    return {
      attempts: planned.map((it) => attemptOf(it, dialogues, traces, params.server, nodes, kind)),
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

function dialoguesOf(letters: readonly Letter[], dialogues: readonly HeldDialogue[]): HeldDialogue[] {
  const own = new Set(letters);
  return dialogues.filter((it) => own.has(it.letter));
}

function attemptOf(
  { run, role, label, letters }: PlannedRun,
  dialogues: readonly HeldDialogue[],
  traces: MailTraces,
  server: string,
  nodes: readonly string[],
  kind: CheckKind,
): Attempt {
  const { recipient, arrivesAt, most } = run;
  const own = dialoguesOf(letters, dialogues);
  const accepted = own.filter((it) => it.outcome === 'accepted');
  const copies = (it: HeldDialogue): number => copiesOf(traces, arrivesAt, it.letter.token);
  const found = own.reduce((sum, it) => sum + copies(it), 0);
  // What was taken and waits has worked, only later.
  const waiting = accepted
    .filter((it) => nodes.some((node) => queueWith(traces, node, it.letter.token) !== undefined))
    .reduce((sum, it) => sum + Math.max(0, it.taken.length - copies(it)), 0);
  const wanted = letters.filter((it) => it.recipient === recipient);
  const expected = wanted.reduce((sum, it) => sum + 1 + (it.alsoTo?.length ?? 0), 0);
  const limited = kind === 'abuse' && role === 'try';
  const refusal = own.find((it) => it.outcome !== 'accepted' && it.letter.recipient === recipient);
  const [first] = letters;
  const families = [...new Set(letters.map((it) => it.family))];
  const proof = proofOfRun(own, traces, server);
  return {
    label,
    role,
    ...(families.length === 1 ? { family: families[0] } : {}),
    from: first?.from ?? '',
    to: recipient,
    sent: !limited ? true : own.every((it) => it.left),
    succeeded: limited ? found + waiting > most : found >= expected,
    proof,
    way: first === undefined ? '' : wayOf(first),
    seen: [
      `${letters.length} messages from ${[...new Set(letters.map((it) => it.from))].join(', ')}, ${accepted.length} accepted`,
      `${found} found in mailboxes of ${arrivesAt}`,
      ...(waiting === 0 ? [] : [`${waiting} in queues`]),
      ...(limited ? [`${most} may be`] : []),
      ...(refusal === undefined ? [] : [`one was told ${refusal.reply}`]),
    ].join(', '),
    repeat: first === undefined ? '' : swaksCommand(wanted[0] ?? first),
  };
}

/** The letters that did not get through, or not to all, were refused, or their end is in the log; else a canary has to tell. */
function proofOfRun(own: readonly HeldDialogue[], traces: MailTraces, server: string): Proof {
  const lost = own.filter((it) => it.outcome !== 'accepted' && !it.answered);
  if (lost.length > 0) return 'canary';
  const log = traces.get(server)?.log ?? [];
  const refusedSome = own.some((it) => it.answered || it.taken.length < 1 + (it.letter.alsoTo?.length ?? 0));
  if (refusedSome) return 'answered';
  return own.every((it) => isDisposedOf(log, it.letter.token)) ? 'counted' : 'canary';
}
