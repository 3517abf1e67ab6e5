import type { Evidence } from '../../model/observation.ts';
import type { ProbeContext } from '../probe.ts';
import { formatDialogues, type HeldDialogue } from './dialogue.ts';
import { swaksCommand } from './letter.ts';
import type { MailTraces } from './trace.ts';

const longest = 40;

/** Every dialogue is kept; the excerpt begins with those that the server went along with. */
export async function transcriptEvidence(
  dialogues: readonly HeldDialogue[],
  { keep }: ProbeContext,
): Promise<Evidence> {
  const accepted = dialogues.filter(({ outcome }) => outcome === 'accepted');
  const ordered = [...accepted, ...dialogues.filter((it) => !accepted.includes(it))];
  const [first] = ordered;
  return {
    kind: 'transcript',
    title: `${dialogues.length} SMTP dialogues, ${accepted.length} of them accepted`,
    file: await keep('smtp-dialogues.txt', formatDialogues(dialogues)),
    command: first === undefined ? '' : swaksCommand(first.letter),
    excerpt: excerptOf(formatDialogues(ordered.slice(0, 3)).split('\n')),
  };
}

/** What lies in the mailboxes of a node, and what is stuck in its queue. */
export async function mailboxEvidence(node: string, traces: MailTraces, { keep }: ProbeContext): Promise<Evidence> {
  const trace = traces.get(node);
  const lines = [
    ...(trace?.delivered ?? []).map(({ mailbox, tokens }) => `${mailbox}  ${tokens.join(' ')}`),
    ...(trace?.queued ?? []).map(({ id, queue, tokens }) => `queue ${queue}: ${id}  ${tokens.join(' ')}`),
  ];
  const text = lines.length === 0 ? '(no message of this run)' : lines.join('\n');
  return {
    kind: 'table',
    title: `Messages of this run on ${node}: ${lines.length}`,
    file: await keep(`mail-${node}.txt`, `${text}\n`),
    command: `breakwater exec ${node} -- sh -c 'postqueue -p; find /var/mail -type f'`,
    excerpt: excerptOf(text.split('\n')),
  };
}

/** What the log of a node says about the messages of this run. */
export async function logEvidence(node: string, traces: MailTraces, { keep }: ProbeContext): Promise<Evidence> {
  const lines = traces.get(node)?.log ?? [];
  return {
    kind: 'log',
    title: `mail.log of ${node} about these messages`,
    file: await keep(`mail-log-${node}.txt`, `${lines.join('\n')}\n`),
    command: `breakwater exec ${node} -- tail /var/log/mail.log`,
    excerpt: lines.length === 0 ? '(no lines)' : excerptOf(lines),
  };
}

function excerptOf(lines: readonly string[]): string {
  return lines.length <= longest
    ? lines.join('\n').trimEnd()
    : [...lines.slice(0, longest), `… ${lines.length - longest} more lines`].join('\n');
}
