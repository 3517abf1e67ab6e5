import { addressOf, type Plan } from '../../model/plan.ts';
import { canonicalAddress } from '../../model/ip.ts';
import { addressesOf } from '../addresses-of.ts';
import type { Network } from '../../runtime/runtime.ts';
import type { ProbeContext } from '../probe.ts';
import { heloOf } from './correspondent.ts';
import { type HeldDialogue, holdDialogues } from './dialogue.ts';
import { logEvidence, mailboxEvidence, transcriptEvidence } from './evidence.ts';
import type { Letter, Login } from './letter.ts';
import { type MailTraces, settleMail, tieRemoval } from './trace.ts';
import type { Evidence } from '../../model/observation.ts';

/** Node → mailboxes of people. */
export type Readers = Readonly<Record<string, readonly string[]>>;

/** Somebody writes to somebody; once over each address family of the server. */
export interface Writing {
  readonly from: string;
  readonly server: string;
  readonly sender: string;
  readonly recipient: string;
  readonly text?: string;
  /** Submits on port 587 instead of writing from server to server. */
  readonly login?: Login;
}

/** What became of one letter. */
export interface Written {
  readonly writing: Writing;
  readonly dialogue: HeldDialogue;
  /** `node:mailbox` of the people who have it. */
  readonly readBy: readonly string[];
  /** `node:mailbox` of everywhere else where it lies. */
  readonly elsewhere: readonly string[];
  /** Subjects of the answers to it that lie on the writer's own node. */
  readonly answers: readonly string[];
}

/**
 * Writes to addresses and looks which people have it in their mailboxes, when all have or everything has
 * come to rest. What was written is taken away again.
 */
export async function writeTo(
  writings: readonly Writing[],
  readers: Readers,
  context: ProbeContext,
  /** How many mailboxes of people are enough for a letter, and whether its writer gets an answer. */
  { enough = 1, answered = false }: { enough?: number; answered?: boolean } = {},
): Promise<{ written: Written[]; evidence: Evidence[] }> {
  const { network, plan, nonce, signal } = context;
  const letters = lettersOf(writings, plan, nonce);
  const nodes = [...new Set([...writings.flatMap((it) => [it.server, it.from]), ...Object.keys(readers)])];
  const release = await tieRemoval(network, nodes, nonce);
  try {
    const dialogues = await holdDialogues(
      context,
      letters.map((it) => it.letter),
      { watched: context.kind !== 'service' },
    );
    const accepted = dialogues.filter((it) => it.outcome === 'accepted').map((it) => it.letter);
    const traces = await settleMail(network, nodes, nonce, {
      complete: (now) =>
        accepted.every(
          (letter) =>
            boxesWith(now, letter.token).filter((box) => isReader(box, readers)).length >= enough &&
            (!answered || letter.sender === '' || answersTo(letter, now).length > 0),
        ),
      timeoutMs: 45_000,
      signal,
    });
    const subjects = answered
      ? await subjectsOf(
          accepted.flatMap((it) => answersTo(it, traces)),
          network,
          signal,
        )
      : undefined;
    const written = letters.flatMap(({ writing, letter }, index) => {
      const dialogue = dialogues[index];
      if (dialogue === undefined) return [];
      const boxes = boxesWith(traces, letter.token);
      return [
        {
          writing,
          dialogue,
          readBy: boxes.filter((box) => isReader(box, readers)),
          elsewhere: boxes.filter((box) => !isReader(box, readers) && !box.startsWith(`${letter.from}:`)),
          answers: answersTo(letter, traces).flatMap(({ file }) => subjects?.get(file) ?? []),
        },
      ];
    });
    const evidence = [
      await transcriptEvidence(dialogues, context),
      ...(await Promise.all(nodes.map((node) => mailboxEvidence(node, traces, context)))),
      ...(await Promise.all(nodes.map((node) => logEvidence(node, traces, context)))),
    ];
    return { written, evidence };
  } finally {
    await release();
  }
}

/** What became of a letter, in one sentence. */
export function fateOf({ dialogue: { outcome, reply }, readBy, elsewhere }: Written): string {
  if (outcome !== 'accepted') return `${outcome}: ${reply}`;
  if (readBy.length > 0) return `accepted, and ${readBy.join(', ')} has it`;
  return `accepted, and no person has it; ${elsewhere.length === 0 ? 'it is gone' : `it lies in ${elsewhere.join(', ')}`}`;
}

function lettersOf(writings: readonly Writing[], plan: Plan, nonce: string): { writing: Writing; letter: Letter }[] {
  return writings
    .flatMap((writing) => addressesOf(plan, writing.server).map((at) => ({ writing, at })))
    .map(({ writing, at }, index) => {
      const { from, server, sender, recipient, text, login } = writing;
      const source = addressOf(plan, from, at.family);
      const letter = {
        token: `${nonce}-${index}`,
        from,
        ...(source === undefined ? {} : { source: canonicalAddress(source) }),
        server,
        family: at.family,
        host: at.address,
        port: login === undefined ? 25 : 587,
        helo: heloOf(plan, from),
      };
      return {
        writing,
        letter: {
          ...letter,
          sender,
          recipient,
          ...(text === undefined ? {} : { text }),
          ...(login === undefined ? {} : { login }),
        },
      };
    });
}

/** `node:mailbox` of every mailbox that has the letter. */
function boxesWith(traces: MailTraces, token: string): string[] {
  const word = token.slice(token.lastIndexOf('-') + 1);
  const boxes = [...traces].flatMap(([node, { delivered }]) =>
    delivered.filter((it) => it.tokens.includes(word)).map((it) => `${node}:${mailboxName(it.mailbox)}`),
  );
  return [...new Set(boxes)];
}

interface Answer {
  readonly node: string;
  readonly file: string;
}

/** Mail on the writer's own node that carries the mark of his letter. */
function answersTo({ from, token }: Letter, traces: MailTraces): Answer[] {
  const word = token.slice(token.lastIndexOf('-') + 1);
  const delivered = traces.get(from)?.delivered ?? [];
  return delivered.filter((it) => it.tokens.includes(word)).map((it) => ({ node: from, file: it.mailbox }));
}

/** File → the subject of the message in it. */
async function subjectsOf(
  answers: readonly Answer[],
  network: Network,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const subjects = new Map<string, string>();
  for (const node of new Set(answers.map((it) => it.node))) {
    const files = answers.filter((it) => it.node === node).map((it) => it.file);
    const { stdout } = await network.node(node).exec(['grep', '-Him1', '^Subject:', '--', ...files], { signal });
    for (const line of stdout.split('\n')) {
      const [, file, subject] = /^(\/.*?):Subject:\s*(.*)$/i.exec(line) ?? [];
      if (file !== undefined && subject !== undefined) subjects.set(file, subject);
    }
  }
  return subjects;
}

/** `/var/mail/virtual/alice/new/1700…` is alice's. */
function mailboxName(path: string): string {
  return path.split('/').at(-3) ?? path;
}

function isReader(box: string, readers: Readers): boolean {
  const [node = '', mailbox = ''] = box.split(':');
  return readers[node]?.includes(mailbox) ?? false;
}
