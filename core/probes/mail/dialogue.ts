import { setTimeout } from 'node:timers/promises';

import { z } from 'zod';

import { LabError } from '../../model/errors.ts';
import type { Network } from '../../runtime/runtime.ts';
import { composeMessage, type Letter } from './letter.ts';
import { whySilent } from './silence.ts';

/** How long a server that hangs up without a word is left in peace. */
const retryMs = 500;

/** What came of a letter at the server it was handed to. */
export const Dialogue = z.strictObject({
  outcome: z.enum(['unreachable', 'closed', 'silent', 'refused', 'accepted']),
  /** The last answer, which decided: `554 5.7.1 …: Relay access denied`. */
  reply: z.string(),
  /** Both sides, line by line. */
  transcript: z.string(),
});
export type Dialogue = z.infer<typeof Dialogue>;

export interface HeldDialogue extends Dialogue {
  readonly letter: Letter;
}

/**
 * Hands every letter to its server, those of one node in one go, and returns the dialogues in the order
 * of the letters. A server that accepts connections and says nothing is asked again until the signal
 * fires: Postfix leaves a service that died alone for a minute (master(8)). Only when its log says that
 * it cannot start with the configuration it has, waiting is of no use.
 */
export async function holdDialogues(
  network: Network,
  letters: readonly Letter[],
  signal: AbortSignal,
): Promise<HeldDialogue[]> {
  const held = new Map<Letter, Dialogue>();
  let left = letters;
  while (left.length > 0) {
    for (const { letter, ...dialogue } of await holdOnce(network, left, signal)) held.set(letter, dialogue);
    const silent = left.filter((letter) => held.get(letter)?.outcome === 'silent');
    left = [];
    for (const server of new Set(silent.map((it) => it.server))) {
      const reason = await whySilent(network, server, signal);
      const unanswered = silent.filter((it) => it.server === server);
      if (reason === undefined) left = [...left, ...unanswered];
      else for (const letter of unanswered) held.set(letter, { outcome: 'silent', reply: reason, transcript: '' });
    }
    if (left.length > 0) await setTimeout(retryMs, undefined, { signal });
  }
  return letters.flatMap((letter) => ({ letter, ...(held.get(letter) as Dialogue) }));
}

async function holdOnce(network: Network, letters: readonly Letter[], signal: AbortSignal): Promise<HeldDialogue[]> {
  const nodes = [...new Set(letters.map((letter) => letter.from))];
  const held = await Promise.all(
    nodes.map(async (node) => {
      const own = letters.filter((letter) => letter.from === node);
      const dialogues = await holdFrom(network, node, own, signal);
      return own.flatMap((letter, index) => ({ letter, ...(dialogues[index] as Dialogue) }));
    }),
  );
  return held.flat();
}

async function holdFrom(
  network: Network,
  node: string,
  letters: readonly Letter[],
  signal: AbortSignal,
): Promise<Dialogue[]> {
  const plan = letters.map((letter) => ({
    host: letter.host,
    port: letter.port,
    helo: letter.helo,
    sender: letter.sender,
    recipient: letter.recipient,
    message: letter.message ?? composeMessage(letter),
    ...(letter.login === undefined ? {} : { login: [letter.login.user, letter.login.password] }),
    ...(letter.inClear === true ? { clear: true } : {}),
  }));
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

/** All dialogues as one text, the way a person would read them. */
export function formatDialogues(dialogues: readonly HeldDialogue[]): string {
  return dialogues
    .map(({ letter, outcome, reply, transcript }) => {
      const head = `# ${letter.from} to ${letter.host} port ${letter.port}: ${outcome}, ${reply}`;
      return transcript === '' ? `${head}\n` : `${head}\n${transcript}\n`;
    })
    .join('\n');
}
