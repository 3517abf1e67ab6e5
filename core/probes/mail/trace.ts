import { z } from 'zod';

import { LabError } from '../../model/errors.ts';
import type { Network, NodeProcess } from '../../runtime/runtime.ts';
import { pollUntil } from '../capture.ts';

const tool = '/usr/lib/breakwater/attacks/mail-trace';

/** Where on one node the messages of a run are. */
export const MailTrace = z.strictObject({
  queued: z.array(z.strictObject({ id: z.string(), queue: z.string(), tokens: z.array(z.string()) })),
  delivered: z.array(z.strictObject({ mailbox: z.string(), tokens: z.array(z.string()) })),
  log: z.array(z.string()),
});
export type MailTrace = z.infer<typeof MailTrace>;

/** Node → its trace. */
export type MailTraces = ReadonlyMap<string, MailTrace>;

/**
 * From now on every message with this nonce is removed from the queues and mailboxes of the nodes when
 * the returned function is called, and also when this process dies without calling it. `also` is a
 * shell command that undoes what such messages may have led to.
 */
export async function tieRemoval(
  network: Network,
  nodes: readonly string[],
  nonce: string,
  also = 'true',
): Promise<() => Promise<void>> {
  const undo = `${tool} --remove ${nonce}; ${also}`;
  const ties = nodes.map((node): NodeProcess =>
    network.node(node).spawn(['sh', '-c', 'echo tied; exec sleep infinity'], { undo }),
  );
  const release = async (): Promise<void> => void (await Promise.all(ties.map((tie) => tie.stop())));
  try {
    await Promise.all(ties.map((tie) => tie.waitFor(/^tied$/, 30_000)));
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

export async function traceMail(
  network: Network,
  nodes: readonly string[],
  nonce: string,
  signal: AbortSignal,
): Promise<MailTraces> {
  const traces = await Promise.all(
    nodes.map(async (node) => {
      const { stdout, stderr, exitCode } = await network.node(node).exec([tool, nonce], { signal });
      if (exitCode !== 0) throw new LabError('command-failed', `mail-trace on ${node}: ${stderr.trim()}`);
      return [node, MailTrace.parse(JSON.parse(stdout))] as const;
    }),
  );
  return new Map(traces);
}

/** Mail that has been at rest for so long is on no way between two nodes any more. */
const restMs = 1500;

/**
 * Waits until mail with this nonce has come to rest: twice in a row no queue was at work on it, with the
 * same mailboxes, and `complete` holds; or it does not, and nothing has moved for as long as a message
 * could be between two nodes. After the deadline it returns what there is.
 */
export async function settleMail(
  network: Network,
  nodes: readonly string[],
  nonce: string,
  {
    complete,
    timeoutMs,
    signal,
  }: { complete: (traces: MailTraces) => boolean; timeoutMs: number; signal: AbortSignal },
): Promise<MailTraces> {
  let traces = await traceMail(network, nodes, nonce, signal);
  let restingSince: number | undefined;
  await pollUntil(async () => {
    const before = traces;
    traces = await traceMail(network, nodes, nonce, signal);
    const rests = isAtRest(before) && isAtRest(traces) && mailboxesOf(before) === mailboxesOf(traces);
    restingSince = rests ? (restingSince ?? Date.now()) : undefined;
    return rests && (complete(traces) || Date.now() - (restingSince ?? 0) >= restMs);
  }, timeoutMs);
  return traces;
}

/** Deferred and held mail waits for minutes: that is rest too. */
export function isAtRest(traces: MailTraces): boolean {
  return [...traces.values()].every(({ queued }) =>
    queued.every(({ queue }) => queue === 'deferred' || queue === 'hold'),
  );
}

function mailboxesOf(traces: MailTraces): string {
  return JSON.stringify([...traces].map(([node, { delivered }]) => [node, delivered]));
}

/** The mailbox on that node which holds the message, or a bounce of it. */
export function mailboxWith(traces: MailTraces, node: string, token: string): string | undefined {
  return traces.get(node)?.delivered.find(({ tokens }) => tokens.includes(wordOf(token)))?.mailbox;
}

/** In how many mailboxes of that node the message lies, one for each recipient. */
export function copiesOf(traces: MailTraces, node: string, token: string): number {
  return traces.get(node)?.delivered.filter(({ tokens }) => tokens.includes(wordOf(token))).length ?? 0;
}

/** The queue on that node which still holds the message. */
export function queueWith(traces: MailTraces, node: string, token: string): string | undefined {
  return traces.get(node)?.queued.find(({ tokens }) => tokens.includes(wordOf(token)))?.queue;
}

/** Traces name tokens by what follows the nonce. */
export function wordOf(token: string): string {
  return token.slice(token.lastIndexOf('-') + 1);
}
