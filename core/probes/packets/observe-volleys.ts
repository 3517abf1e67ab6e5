import { LabError } from '../../model/errors.ts';
import type { Evidence } from '../../model/observation.ts';
import { type Capture, startCapture } from '../capture.ts';
import { readCooked } from '../packet.ts';
import type { ProbeContext } from '../probe.ts';
import type { Volley } from './plan-volleys.ts';
import type { Spot, Spots } from './spots.ts';
import { listenInStack, type StackEar } from './stack.ts';
import { type Fate, orderOf, type Sight, sightOf, tagFilter } from './volley.ts';

const tool = '/usr/lib/breakwater/attacks/send-packets';

/** Heads and markers: more of a packet is not looked at. */
const snapLength = 320;

/** As long as something comes in, the rest is waited for; this long after the last of it no longer. */
const patienceMs = 3000;

/** Sends all volleys side by side, and looks what became of each packet. */
export async function observeVolleys(
  volleys: readonly Volley[],
  spots: Spots,
  context: ProbeContext,
): Promise<{ fates: Fate[]; evidence: Evidence[] }> {
  const { network, nonce, draws, signal } = context;
  const packets = volleys.flatMap((it) => it.packets);
  const tag = 1 + draws.below(0xffff);
  const captures = new Map<string, Capture>();
  const stacks: StackEar[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all([...captures.values(), ...stacks].map((it) => it.stop()));
  };
  try {
    const wanted = [...spots.witnesses, ...spots.ears];
    const numbers = packets.flatMap((it) => [it.kind.v4, it.kind.v6]);
    const begun = await Promise.allSettled([
      ...[...new Map(wanted.map((it) => [keyOf(it), it]))].map(async ([key, spot]) => {
        const options = { snapLength, ...(spot.interface === 'any' ? {} : { direction: spot.direction }) };
        captures.set(key, await startCapture(network, spot.node, spot.interface, tagFilter(tag), signal, options));
      }),
      ...spots.stacks.map(async (node) => void stacks.push(await listenInStack(node, numbers, context))),
    ]);
    for (const it of begun) if (it.status === 'rejected') throw it.reason;

    await Promise.all(volleys.map((volley) => send(volley, tag, context)));

    const follow = (spot: Spot): Follower => followCapture(spot, captures.get(keyOf(spot)));
    const looking = {
      came: lookFor(spots.witnesses.map(follow), sightOf(packets, nonce)),
      arrived: lookFor([...spots.ears.map(follow), ...stacks.map((it) => it.follow())], sightOf(packets, nonce)),
    };
    // Canaries leave last and the path keeps the order: once they are in, whatever else got through is in too.
    const last = packets.filter((it) => it.role === 'canary');
    const awaited = last.length > 0 ? last : packets;
    await settle(() => {
      const [came, arrived] = [looking.came(), looking.arrived()];
      const done = came.size === packets.length && awaited.every((it) => arrived.has(it.marker));
      return { done, seen: came.size + arrived.size };
    });
    const evidence = await Promise.all([
      ...[...captures].map(([key, it]) => it.keep(context, key, titleOf(it))),
      ...stacks.map((it) => it.keep()),
    ]);
    const [came, arrived] = [looking.came(), looking.arrived()];
    const fates = packets.map((packet): Fate => ({
      packet,
      came: came.has(packet.marker),
      arrived: arrived.has(packet.marker),
      // What is heard in a stack has no addresses to compare.
      changed: spots.stacks.length === 0 && arrived.get(packet.marker)?.asPlanned === false,
    }));
    return { fates, evidence };
  } finally {
    await stop();
  }
}

async function send({ from, exit, packets }: Volley, tag: number, { network, signal }: ProbeContext): Promise<void> {
  const { stdout, stderr, exitCode } = await network
    .node(from)
    .exec([tool, '-'], { input: orderOf(packets, exit, tag), signal });
  if (exitCode !== 0) throw new LabError('command-failed', `send-packets on ${from}: ${stderr || stdout}`);
}

/** What goes out of a node and what comes in are on one capture of all its interfaces. */
function keyOf({ node, interface: iface, direction }: Spot): string {
  return iface === 'any' ? node : `${node}-${iface}-${direction}`;
}

/** What is new since it was asked last. */
type Follower = () => readonly Buffer[];

function followCapture(spot: Spot, capture: Capture | undefined): Follower {
  const fresh = capture?.follow() ?? (() => []);
  return () =>
    fresh().flatMap(({ bytes }) => {
      if (spot.interface !== 'any') return [bytes];
      const cooked = readCooked(bytes);
      return cooked !== undefined && (cooked.direction === 'out') === (spot.direction === 'out') ? [cooked.bytes] : [];
    });
}

function lookFor(followers: readonly Follower[], sight: Sight): () => Sight['seen'] {
  return () => {
    for (const follow of followers) for (const frame of follow()) sight.look(frame);
    return sight.seen;
  };
}

/** Waits until it is done, or nothing has come any more for a while. */
async function settle(look: () => { done: boolean; seen: number }): Promise<void> {
  let before = -1;
  let since = Date.now();
  for (;;) {
    const { done, seen } = look();
    if (done) return;
    if (seen !== before) [before, since] = [seen, Date.now()];
    if (Date.now() - since > patienceMs) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function titleOf({ node, interface: iface }: Capture): string {
  return iface === 'any' ? `What came to ${node}, and what it passed on` : `What was seen on ${iface} of ${node}`;
}
