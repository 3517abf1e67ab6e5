import { LabError } from '../../model/errors.ts';
import type { Evidence } from '../../model/observation.ts';
import type { ProbeContext } from '../probe.ts';

/** Whoever hears what gets through the input filters of a node. */
export interface StackEar {
  /** Tells at each call what was heard since the last. Throws when it has died, because silence would prove nothing then. */
  follow(): () => readonly Buffer[];
  keep(): Promise<Evidence>;
  stop(): Promise<void>;
}

const tool = '/usr/lib/breakwater/attacks/receive-packets';

/** Listens on raw sockets, for UDP, TCP, ICMP and the protocols of the given numbers. */
export async function listenInStack(
  node: string,
  numbers: readonly number[],
  { network, nonce, signal, keep }: ProbeContext,
): Promise<StackEar> {
  const process = network.node(node).spawn([tool, nonce, ...[...new Set(numbers)].map(String)], { signal });
  let stopped = false;
  let died = false;
  void process.ended.then(() => (died = !stopped));
  const text = (): string => {
    if (died && !signal.aborted)
      throw new LabError('command-failed', `what listened in the stack of ${node} died: what came later was not heard`);
    return process
      .stdout()
      .toString('latin1')
      .replace(/^listening\n/, '');
  };
  const stop = async (): Promise<void> => {
    stopped = true;
    await process.stop();
  };
  await process.waitFor(/^listening$/, 5000);
  return {
    follow: () => {
      let known = 0;
      return () => {
        const fresh = text().slice(known);
        // What is still being written is read when it is whole.
        const whole = fresh.slice(0, fresh.lastIndexOf('\n') + 1);
        known += whole.length;
        return whole.split('\n').map((line) => Buffer.from(line, 'latin1'));
      };
    },
    keep: async () => {
      const heard = text();
      await stop();
      return {
        kind: 'table',
        title: `What reached the stack of ${node}: protocol, source, payload`,
        file: await keep(`arrived-${node}.txt`, heard),
        command: `breakwater exec ${node} -- ${tool} MARK`,
        excerpt: heard.trimEnd() || '(no packets)',
      };
    },
    stop,
  };
}
