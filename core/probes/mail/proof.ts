import type { Proof } from '../../model/observation.ts';
import type { HeldDialogue } from './dialogue.ts';
import type { MailTrace } from './trace.ts';

/** How a letter was made: a canary vouches for letters that knocked at the same door. */
export function wayOf({ server, port }: { server: string; port: number }): string {
  return `smtp to ${server} port ${port}`;
}

/**
 * Why a letter that had no effect was refused and not lost. One that was taken and is gone needs the
 * server's own word for what became of it. After a silence only a canary tells.
 */
export function proofOf(dialogue: HeldDialogue, trace: MailTrace | undefined): Proof {
  if (dialogue.answered) return 'answered';
  if (dialogue.outcome === 'accepted' && isDisposedOf(trace?.log ?? [], dialogue.letter.token)) return 'counted';
  return 'canary';
}

/** The log follows a letter to its end, and no other server took it. */
export function isDisposedOf(log: readonly string[], token: string): boolean {
  const ids = queueIdsOf(log, token);
  const about = (id: string): string[] => log.filter((line) => line.includes(`: ${id}: `));
  return (
    ids.length > 0 &&
    ids.every((id) => {
      const lines = about(id);
      const passedOn = lines.some(
        (line) => /postfix\/(?:\w+\/)?(?:smtp|lmtp)\[/.test(line) && line.includes('status=sent'),
      );
      return !passedOn && lines.some((line) => line.endsWith(`: ${id}: removed`));
    })
  );
}

function queueIdsOf(log: readonly string[], token: string): string[] {
  return log.flatMap((line) =>
    line.includes(`message-id=<${token}@`) ? (/: (\w{6,}): message-id=/.exec(line)?.[1] ?? []) : [],
  );
}
