import { LabError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Network } from '../runtime/runtime.ts';
import { expectations, type Down } from './expectations.ts';
import { excusedIn, type Silence, silenceOf } from './silent-hosts.ts';

/** How long a network may take until all of it answers. */
const readySeconds = 30;

export interface ReadyOptions {
  readonly nodes?: readonly string[];
  readonly seconds?: number;
  /** Services that do not run, by node: nobody waits for them, nor for sessions with them. */
  readonly down?: Down;
  readonly signal?: AbortSignal | undefined;
  /** What is to be said of a network that serves, a sentence a host. */
  readonly onNote?: (note: HostNote) => void;
}

/**
 * Waits until the network serves: every node has started and its services answer, every BGP session
 * between deployed nodes is Established, and every host reaches every other. One program a node
 * waits there, so that the answer is as old as its last line.
 *
 * A ping decides only where nothing else does: a host that answers none is there when its own pings are
 * answered. {@link ReadyOptions.onNote} is told of such hosts.
 * @throws LabError `not-ready` that names what is missing.
 */
export async function awaitReady(network: Network, plan: Plan, options: ReadyOptions = {}): Promise<void> {
  const { nodes = network.nodes, seconds = readySeconds, down = new Map(), signal } = options;
  const began = performance.now();
  let silences: readonly Silence[] = [];
  let asked = nodes;
  let again = false;
  for (;;) {
    const left = again ? 1 : Math.max(1, Math.ceil(seconds - (performance.now() - began) / 1000));
    const answers = await Promise.all(
      asked.map((name) => askNode(network, plan, name, { seconds: left, down, signal })),
    );
    const missing = answers.flatMap((it) => it.missing);
    if (missing.length > 0) throw notReady(seconds, missing);
    silences = [
      ...silences.filter(({ from }) => !asked.includes(from)),
      ...answers.flatMap((it) => silenceOf(plan, it.name, it.silent)),
    ];
    const known = [...new Set([...nodes, ...asked])];
    const waiting = silences.filter((it) => !excusedIn(silences, known, it));
    if (waiting.length === 0 && (silences.length === 0 || again)) {
      for (const note of notesOn(silences)) options.onNote?.(note);
      return;
    }
    if (waiting.length > 0 && performance.now() - began >= seconds * 1000)
      throw notReady(
        seconds,
        waiting.map(({ from, address }) => `${from}: ${address} does not answer`),
      );
    // Whoever was asked before the path carried is asked once more: silence is told of a host only that keeps it.
    again = waiting.length === 0;
    asked = [...new Set((again ? silences : waiting).flatMap(({ from, to }) => (again ? [from] : [from, to])))].filter(
      (it) => network.nodes.includes(it),
    );
  }
}

export interface HostNote {
  readonly node: string;
  readonly message: string;
}

interface NodeAnswer {
  readonly name: string;
  readonly missing: readonly string[];
  /** Addresses that answered no ping when all else was there. */
  readonly silent: readonly string[];
}

async function askNode(
  network: Network,
  plan: Plan,
  name: string,
  { seconds, down, signal }: { seconds: number; down: Down; signal: AbortSignal | undefined },
): Promise<NodeAnswer> {
  const argv = ['/usr/lib/breakwater/ready', String(seconds), ...expectations(plan, network.nodes, name, down)];
  const result = await network.node(name).exec(argv, { timeoutMs: (seconds + 10) * 1000, signal });
  if (result.exitCode === 0) return { name, missing: [], silent: [] };
  const lines = (result.stdout.trim() || result.stderr.trim() || 'no answer').split('\n');
  return result.exitCode === 2
    ? { name, missing: [], silent: lines }
    : { name, missing: lines.map((line) => `${name}: ${line}`), silent: [] };
}

function notReady(seconds: number, lines: readonly string[]): LabError {
  return new LabError(
    'not-ready',
    `after ${seconds} s the network was not complete:\n${lines.map((line) => `  ${line}`).join('\n')}`,
    { hint: `breakwater shell ${lines[0]?.split(':')[0] ?? ''}   # then: cat /var/log/boot.log` },
  );
}

function notesOn(silences: readonly Silence[]): readonly HostNote[] {
  const hosts = [...new Set(silences.map((it) => it.to))];
  return hosts.map((node) => {
    const families = new Set(
      silences.filter((it) => it.to === node).map((it) => (it.family === 'v4' ? 'IPv4' : 'IPv6')),
    );
    const over = [...families].toSorted().join(' and ');
    return { node, message: `it answers no ping over ${over}; it counts as there, because its own pings are answered` };
  });
}
