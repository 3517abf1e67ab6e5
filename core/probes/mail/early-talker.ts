import type { Network } from '../../runtime/runtime.ts';
import type { HeldDialogue } from './dialogue.ts';
import { composeMessage, type Letter } from './letter.ts';

/** All that the client will ever say. */
export function monologueOf(letter: Letter): string {
  return [
    `EHLO ${letter.helo}`,
    `MAIL FROM:<${letter.sender}>`,
    `RCPT TO:<${letter.recipient}>`,
    'DATA',
    `${composeMessage(letter)}.`,
    'QUIT',
    '',
  ].join('\r\n');
}

/** Says everything as soon as the connection is there and waits for no answer, as many a bot does (RFC 5321 §3.1). */
export async function talkEarly(network: Network, letter: Letter, signal: AbortSignal): Promise<HeldDialogue> {
  const { stdout, stderr } = await network
    .node(letter.from)
    .exec(['ncat', '-w', '10', letter.host, String(letter.port)], { input: monologueOf(letter), signal });
  return { letter, ...readReplies(stdout, stderr) };
}

/** What came of it, from all answers of the server in one. */
export function readReplies(replies: string, complaint: string): Omit<HeldDialogue, 'letter'> {
  const lines = replies.split(/\r?\n/).filter((line) => line !== '');
  const queued = lines.find((line) => /^250 .*queued/i.test(line));
  const refusal = lines.find((line) => /^[45]/.test(line));
  const transcript = ['C: (everything at once)', ...lines.map((line) => `S: ${line}`)].join('\n');
  if (queued !== undefined) return { outcome: 'accepted', reply: queued, transcript };
  if (lines.length > 0) return { outcome: 'refused', reply: refusal ?? lines.at(-1) ?? '', transcript };
  const reply = complaint.trim() || 'no answer';
  return { outcome: /refused/i.test(complaint) ? 'closed' : 'unreachable', reply, transcript };
}
