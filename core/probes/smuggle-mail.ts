import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import { classesAmong, type Place, PlaceName } from '../model/places.ts';
import type { Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { callersOf, domainOf, heloOf } from './mail/correspondent.ts';
import { type HeldDialogue, holdDialogues } from './mail/dialogue.ts';
import { logEvidence, mailboxEvidence, transcriptEvidence } from './mail/evidence.ts';
import { composeMessage, type Letter, type Login } from './mail/letter.ts';
import { proofOf, wayOf } from './mail/proof.ts';
import { type MailTraces, settleMail, tieRemoval, wordOf } from './mail/trace.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  server: NodeName.describe('The mail server that takes the messages, and keeps the mailboxes'),
  from: z
    .array(PlaceName)
    .min(1)
    .describe('The places that hand them over on port 25, as providers would whose users wrote them'),
  except: z.array(NodeName).default([]).describe('Machines of those classes that do not'),
  recipient: z.email().describe('A mailbox at the server'),
  forgedRecipient: z.email().describe('The mailbox at the server that the second message is for'),
  login: z
    .strictObject({
      user: z.string(),
      password: z.string(),
      sender: z.email(),
      ports: z.array(z.number().int().min(1).max(65_535)).min(1).default([587, 465]),
    })
    .optional()
    .describe('A user who submits such messages as well, from the first place'),
});
type Params = z.infer<typeof Params>;

/** What a server that is not strict takes for `<CR><LF>.<CR><LF>`, the end of a message (RFC 5321, section 4.1.1.4). */
const falseEnds = {
  '<LF>.<LF>': '\n.\n',
  '<LF>.<CR><LF>': '\n.\r\n',
  '<CR><LF>.<LF>': '\r\n.\n',
  '<CR>.<CR>': '\r.\r',
  '<CR>.<CR><LF>': '\r.\r\n',
  '<CR><LF>.<CR>': '\r\n.\r',
} as const;

const allEnds = Object.keys(falseEnds) as (keyof typeof falseEnds)[];
const oneEnd = ['<LF>.<LF>'] as const;

export interface Smuggle extends Letter {
  readonly label: string;
  readonly role: Attempt['role'];
  /** The mark of the message that is hidden in it, and in whose name that is. */
  readonly hidden?: { readonly token: string; readonly sender: string };
}

/** Hides a second message behind a false end of the first (SMTP smuggling). */
export const smuggleMail = defineProbe({
  name: 'smuggle-mail',
  summary:
    'Hands over messages with a second one behind a false end of them (SMTP smuggling, CVE-2023-51764), and looks whether the second arrives.',
  params: Params,
  nodes: (params, plan) => [params.server, ...placesFor(params, plan).map((it) => it.node)],
  classes: ({ from }) => classesAmong(from),
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal } = context;
  const { server } = params;
  const smuggles = planSmuggles(params, plan, nonce);
  const release = await tieRemoval(network, [server], nonce);
  try {
    const dialogues = await holdDialogues(context, smuggles, { watched: true });
    const traces = await settleMail(network, [server], nonce, {
      complete: (now) =>
        smuggles.every((it, index) => dialogues[index]?.outcome !== 'accepted' || arrived(now, server, it.token)),
      timeoutMs: 45_000,
      signal,
    });
    return {
      attempts: smuggles.map((it, index) => attemptOf(it, dialogues[index] as HeldDialogue, traces, server)),
      evidence: [
        await transcriptEvidence(dialogues, context),
        await mailboxEvidence(server, traces, context),
        await logEvidence(server, traces, context),
      ],
    };
  } finally {
    await release();
  }
}

/** From the first place each false end over each family, and one of them from all others and by submission; with an ordinary message as canary. */
export function planSmuggles(params: Params, plan: Plan, nonce: string): Smuggle[] {
  const places = placesFor(params, plan);
  const { login } = params;
  const drafts = addressesOf(plan, params.server).flatMap(({ family, address }) => {
    const own = places.filter((it) => it.family === family);
    const [first] = own;
    return [
      ...own.flatMap((place) =>
        smugglesFrom(place, { port: 25, host: address }, place === first ? allEnds : oneEnd, params, plan),
      ),
      ...(login === undefined || first === undefined
        ? []
        : login.ports.flatMap((port) => smugglesFrom(first, { port, host: address, login }, oneEnd, params, plan))),
    ];
  });
  return drafts.map((draft, index) => draft(`${nonce}-o${index}`, `${nonce}-h${index}`));
}

function placesFor({ server, from, except }: Params, plan: Plan): Place[] {
  return callersOf(plan, from, [...except, server]);
}

type Draft = (token: string, hiddenToken: string) => Smuggle;

function smugglesFrom(
  place: Place,
  door: { port: number; host: string; login?: Login & { sender: string } },
  ends: readonly (keyof typeof falseEnds)[],
  { server, recipient, forgedRecipient }: Params,
  plan: Plan,
): Draft[] {
  const { port, host, login } = door;
  const domain = domainOf(plan, place.node);
  // Whoever logs in may not write as another: the second message is the same user's, and nobody has counted it.
  const sender = login?.sender ?? `postmaster@${domain}`;
  const forged = login?.sender ?? `accounts@${domain}`;
  const where = `from ${place.node} at ${place.address}${port === 25 ? '' : ` on port ${port}`}`;
  const common = {
    from: place.node,
    source: place.address,
    server,
    family: place.family,
    host,
    port,
    helo: heloOf(plan, place.node),
    sender,
    recipient,
    raw: true,
    ...(login === undefined ? { inClear: true } : { login: { user: login.user, password: login.password } }),
  };
  const tries = ends.map((name): Draft => (token, hiddenToken) => {
    const commands = [`MAIL FROM:<${forged}>`, `RCPT TO:<${forgedRecipient}>`, 'DATA', ''].join('\r\n');
    const second = composeMessage({ token: hiddenToken, sender: forged, recipient: forgedRecipient });
    const message = `${composeMessage({ token, sender, recipient })}hello${falseEnds[name]}${commands}${second}.\r\n`;
    const label = `a second message behind ${name}, ${where}`;
    return { ...common, token, message, label, role: 'try', hidden: { token: hiddenToken, sender: forged } };
  });
  const canary: Draft = (token) => {
    const message = `${composeMessage({ token, sender, recipient })}.\r\n`;
    return { ...common, token, message, label: `an ordinary message, ${where}`, role: 'canary' };
  };
  return [...tries, canary];
}

/** A message of its own: the hidden text also lies in the message that it was hidden in, where it harms nobody. */
function arrived(traces: MailTraces, server: string, token: string, not?: string): boolean {
  const trace = traces.get(server);
  const word = wordOf(token);
  return [...(trace?.delivered ?? []), ...(trace?.queued ?? [])].some(
    ({ tokens }) => tokens.includes(word) && (not === undefined || !tokens.includes(wordOf(not))),
  );
}

function attemptOf(smuggle: Smuggle, dialogue: HeldDialogue, traces: MailTraces, server: string): Attempt {
  const { label, role, family, from, host, port, token, hidden } = smuggle;
  const succeeded = arrived(traces, server, hidden?.token ?? token, hidden === undefined ? undefined : token);
  const first =
    dialogue.outcome === 'accepted'
      ? 'the message was taken'
      : `the message was ${dialogue.outcome}: ${dialogue.reply}`;
  const whole = dialogue.outcome === 'accepted' && arrived(traces, server, token);
  return {
    label,
    role,
    family,
    from,
    to: server,
    sent: dialogue.left,
    succeeded,
    // The one message arrived with all that was in it.
    proof: whole ? 'counted' : proofOf(dialogue, traces.get(server)),
    way: wayOf(smuggle),
    seen:
      hidden === undefined
        ? `${first}${succeeded ? ', and arrived' : ''}`
        : `${first}${succeeded ? `, and a second one from ${hidden.sender} with it` : ', and nothing with it'}`,
    repeat: `breakwater exec ${from} -- ncat ${host} ${port}   # EHLO, MAIL, RCPT, DATA, then the lines of the transcript`,
  };
}
