import { setTimeout } from 'node:timers/promises';

import { z } from 'zod';

import { LabError } from '../../model/errors.ts';
import type { Network } from '../../runtime/runtime.ts';
import type { ProbeContext } from '../probe.ts';
import { type SenderWatch, type Traffic, watchSenders } from '../senders.ts';
import { composeMessage, type Letter } from './letter.ts';
import { isOwnFault, whyPutOff, whySilent } from './silence.ts';

/** How long a server that hangs up without a word is left in peace. */
const retryMs = 500;

/**
 * Seconds without an answer. The protocol wants minutes (RFC 5321 §4.5.3.2); the deadline of the check ends
 * it before. A greeting may be held back on purpose (postscreen(8): six seconds), so whoever hears none
 * waits twice as long the next time. A connection is made by kernels, which do not think about it.
 */
const patience = { connect: 5, greeting: 10, longestGreeting: 80, reply: 60 };

/** What came of a letter at the server it was handed to. */
export const Dialogue = z.strictObject({
  outcome: z.enum(['unreachable', 'closed', 'silent', 'stalled', 'refused', 'accepted']),
  /** The last answer, which decided: `554 5.7.1 …: Relay access denied`. */
  reply: z.string(),
  login: z.enum(['taken', 'refused']).nullable(),
  /** Whether the login was said under TLS. */
  secret: z.boolean(),
  /** The recipients that were accepted. */
  taken: z.array(z.string()),
  /** Both sides, line by line. */
  transcript: z.string(),
});
export type Dialogue = z.infer<typeof Dialogue>;

export interface HeldDialogue extends Dialogue {
  readonly letter: Letter;
  /** A connection stood, or its first packet was captured on its way out. */
  readonly left: boolean;
  /** The other side said no in its own words: an SMTP reply, a hang-up after it had spoken, a reset, an ICMP error. */
  readonly answered: boolean;
}

export interface HoldOptions {
  /** Where there is no connection, the next try is captured at the sender: it shows what left, and what came back. */
  readonly watched?: boolean;
  /**
   * Letters that are told 4xx come again, as every mail server does (RFC 5321 §4.5.4.1), and with them the
   * others of their address: limits that count addresses forget within a minute.
   */
  readonly comesAgain?: (letter: Letter) => boolean;
}

const comeAgain = { everyMs: 6000, forMs: 66_000 };

/**
 * Hands every letter to its server, those of one node in one go, and returns the dialogues in the order
 * of the letters. A server that accepts connections and says nothing is asked again until the signal
 * fires: Postfix leaves a service that died alone for a minute (master(8)). Only when its log says that
 * it cannot start with the configuration it has, waiting is of no use.
 */
export async function holdDialogues(
  context: ProbeContext,
  letters: readonly Letter[],
  { watched = false, comesAgain = () => false }: HoldOptions = {},
): Promise<HeldDialogue[]> {
  const { network, signal } = context;
  const held = new Map<Letter, HeldDialogue>();
  const comingUntil = Date.now() + comeAgain.forMs;
  const take = (dialogues: readonly HeldDialogue[]): void => dialogues.forEach((it) => held.set(it.letter, it));
  let left = letters;
  let rounds = 0;
  for (let greeting = patience.greeting; left.length > 0; greeting = Math.min(2 * greeting, patience.longestGreeting)) {
    take(await holdOnce(network, left, greeting, signal));
    const unheard = left.filter((letter) => !isConnected(held.get(letter)));
    if (watched && unheard.length > 0) take(await holdWatched(context, unheard, greeting));
    const silent = left.filter((letter) => held.get(letter)?.outcome === 'silent');
    left = [];
    for (const server of new Set(silent.map((it) => it.server))) {
      const reason = await whySilent(network, server, signal);
      const unanswered = silent.filter((it) => it.server === server);
      if (reason === undefined) left = [...left, ...unanswered];
      else take(unanswered.map((letter) => ({ ...(held.get(letter) as HeldDialogue), reply: reason, transcript: '' })));
    }
    const putOff = letters.filter((it) => comesAgain(it) && /^4\d\d\b/.test(held.get(it)?.reply ?? ''));
    // One more time all the same: the program may have started after the server.
    const standing = left.length > 0 || rounds++ === 0 ? [] : await standingFaults(network, putOff, held, signal);
    take(standing);
    if (left.length > 0) await setTimeout(retryMs, undefined, { signal });
    else if (putOff.length > standing.length && Date.now() < comingUntil) {
      await setTimeout(comeAgain.everyMs, undefined, { signal });
      left = letters.filter((it) => putOff.some(({ from, source }) => from === it.from && source === it.source));
    }
  }
  return letters.map((letter) => held.get(letter) as HeldDialogue);
}

/** Dialogues that a server ended because of a fault of its own that does not pass by itself, with the words of its log. */
async function standingFaults(
  network: Network,
  letters: readonly Letter[],
  held: ReadonlyMap<Letter, HeldDialogue>,
  signal: AbortSignal,
): Promise<HeldDialogue[]> {
  const faulty = letters.flatMap((it) => held.get(it) ?? []).filter(({ reply }) => isOwnFault(reply));
  const servers = [...new Set(faulty.map(({ letter }) => letter.server))];
  const reasons = new Map(
    await Promise.all(servers.map(async (it) => [it, await whyPutOff(network, it, signal)] as const)),
  );
  return faulty.flatMap((it) => {
    const reason = reasons.get(it.letter.server);
    return reason === undefined ? [] : [{ ...it, reply: `${it.reply} (${reason})` }];
  });
}

function isConnected(dialogue: Dialogue | undefined): boolean {
  return dialogue?.outcome !== 'closed' && dialogue?.outcome !== 'unreachable';
}

/** Once more, with a capture at each sender. */
async function holdWatched(
  context: ProbeContext,
  letters: readonly Letter[],
  greeting: number,
): Promise<HeldDialogue[]> {
  const nodes = letters.map((it) => it.from);
  const ports = [...new Set(letters.map((it) => `tcp port ${it.port}`))];
  const senders = await watchSenders(context, nodes, ports.join(' or '));
  try {
    const dialogues = await holdOnce(context.network, letters, greeting, context.signal);
    await senders.until(() => dialogues.every((it) => isConnected(it) || trafficOf(it.letter, senders).left > 0));
    return dialogues.map((it) => (isConnected(it) ? it : asCaptured(it, senders)));
  } finally {
    await senders.stop();
  }
}

function trafficOf({ from, host, source, port }: Letter, senders: SenderWatch): Traffic {
  return senders.traffic(from, { address: host, protocol: 'tcp', port, ...(source === undefined ? {} : { source }) });
}

function asCaptured(dialogue: HeldDialogue, senders: SenderWatch): HeldDialogue {
  const { left, refusals } = trafficOf(dialogue.letter, senders);
  const [refusal] = refusals;
  return {
    ...dialogue,
    left: left > 0,
    answered: refusal !== undefined,
    reply: refusal === undefined ? dialogue.reply : `${dialogue.reply}: ${refusal.said}, from ${refusal.by}`,
  };
}

async function holdOnce(
  network: Network,
  letters: readonly Letter[],
  greeting: number,
  signal: AbortSignal,
): Promise<HeldDialogue[]> {
  const nodes = [...new Set(letters.map((letter) => letter.from))];
  const held = await Promise.all(
    nodes.map(async (node) => {
      const own = inTurns(letters.filter((letter) => letter.from === node));
      // Together no more than a server takes in without beginning to hurry (postconf(5), default_process_limit).
      const sideBySide = Math.max(2, Math.min(16, Math.floor((32 * own.length) / letters.length)));
      const dialogues = await holdFrom(network, node, own, { greeting, sideBySide }, signal);
      return own.map((letter, index) => {
        const dialogue = dialogues[index] as Dialogue;
        return { letter, ...dialogue, left: isConnected(dialogue), answered: dialogue.outcome === 'refused' };
      });
    }),
  );
  return held.flat();
}

/**
 * The first letter of each address, then the second of each, and so on: a server that keeps an address waiting before
 * it knows it (postscreen(8)) does so once, and not for every letter that comes at the same time. Pure.
 */
export function inTurns(letters: readonly Letter[]): Letter[] {
  const turn = new Map<string, number>();
  const turns = letters.map((letter) => {
    const address = `${letter.source ?? ''} ${letter.host}`;
    const own = turn.get(address) ?? 0;
    turn.set(address, own + 1);
    return { letter, own };
  });
  return turns.toSorted((a, b) => a.own - b.own).map(({ letter }) => letter);
}

async function holdFrom(
  network: Network,
  node: string,
  letters: readonly Letter[],
  { greeting, sideBySide }: { greeting: number; sideBySide: number },
  signal: AbortSignal,
): Promise<Dialogue[]> {
  const { connect, reply } = patience;
  const plan = { sideBySide, patience: { connect, greeting, reply }, letters: letters.map(told) };
  const result = await network
    .node(node)
    .exec(['/usr/lib/breakwater/attacks/smtp-dialogues'], { input: JSON.stringify(plan), signal });
  if (result.exitCode !== 0)
    throw new LabError(
      'command-failed',
      `smtp-dialogues on ${node}: ${result.stderr.trim() || `exit code ${result.exitCode}`}`,
    );
  return z.array(Dialogue).length(letters.length).parse(JSON.parse(result.stdout));
}

/** A letter as the tool is told of it. */
function told(letter: Letter): object {
  const { host, port, source, helo, sender, recipient, alsoTo = [], login, until, session, early, raw } = letter;
  return {
    host,
    port,
    source,
    helo,
    sender,
    recipients: [recipient, ...alsoTo],
    message: letter.message ?? composeMessage(letter),
    login: login === undefined ? undefined : [login.user, login.password],
    mechanism: login?.mechanism,
    until,
    session,
    early,
    raw,
    clear: letter.inClear,
  };
}

/** All dialogues as one text, the way a person would read them. */
export function formatDialogues(dialogues: readonly HeldDialogue[]): string {
  return dialogues
    .map(({ letter, outcome, reply, transcript }) => {
      const head = `# ${letter.from} to ${letter.host} port ${letter.port}: ${outcome}, ${reply}`;
      return transcript === '' ? `${head}\n` : `${head}\n${transcript}\n`;
    })
    .join('\n');
}
