import type { Journey } from '#core/model/journey.ts';
import type { Drawing, Place } from './layout.ts';

/**
 * What a line in the drawing means. `attack` got through and must not; `stopped` did not; `service` is
 * legitimate use that works, `broken` one that does not.
 */
export type Tone = 'attack' | 'stopped' | 'service' | 'broken';

/** Attempts that took the same way to the same end, drawn as one. */
export interface Track {
  readonly id: string;
  readonly tone: Tone;
  /** Not an attack and not a use, but a look for something wrong. */
  readonly look: boolean;
  readonly count: number;
  readonly path: readonly string[];
  /** The part of the path where packets were seen. */
  readonly went: readonly string[];
  /** Where they came to their end, or their goal; undefined where nobody saw that. */
  readonly end: string | undefined;
}

/** Undefined for what never left: there is nothing to draw. */
export function toneOf(journey: Journey): Tone | undefined {
  const { kind, role, sent, succeeded } = journey;
  if (!sent && !succeeded) return undefined;
  // A look that found something is what must not be, and no attack got anywhere.
  if (isLook(journey)) return succeeded ? 'broken' : 'service';
  if (kind === 'abuse' && role === 'try') return succeeded ? 'attack' : 'stopped';
  return succeeded ? 'service' : 'broken';
}

function isLook({ kind, role }: Journey): boolean {
  return role === 'try' && kind === 'inspection';
}

/** What went wrong comes first. */
const weights: readonly Tone[] = ['attack', 'broken', 'stopped', 'service'];

/** The tracks of the attempts that were seen on their way: what went wrong first, then what most attempts took. */
export function tracksOf(journeys: readonly Journey[]): Track[] {
  const tracks = new Map<string, Track>();
  for (const journey of journeys) {
    const tone = toneOf(journey);
    if (tone === undefined || journey.path.length < 2) continue;
    const seen = new Set(journey.seenAt);
    const { path } = journey;
    const look = isLook(journey);
    // What got there went all the way, also where nobody watched; whoever looked has been there.
    const arrived = journey.succeeded || look;
    const last = arrived ? path.length - 1 : path.findLastIndex((it) => seen.has(it));
    const went = path.slice(0, Math.max(0, last) + 1);
    const end = arrived ? path.at(-1) : (journey.stoppedAt ?? undefined);
    const id = [look ? 'look' : tone, tone, went.join('>'), end ?? '?', path.at(-1)].join(' ');
    tracks.set(id, { id, tone, look, count: (tracks.get(id)?.count ?? 0) + 1, path, went, end });
  }
  return [...tracks.values()].toSorted(
    (a, b) => weights.indexOf(a.tone) - weights.indexOf(b.tone) || b.count - a.count,
  );
}

/** What a node is to the tracks: where one starts, is stopped, or arrives. A start outweighs the rest. */
export type End = 'start' | Tone;

export function endsOf(tracks: readonly Track[]): ReadonlyMap<string, End> {
  const ends = new Map<string, End>();
  // A node that lets an attack pass stops it nowhere, whatever else it refused.
  const open = new Set(tracks.flatMap(({ tone, went }) => (tone === 'attack' ? went : [])));
  for (const { tone, end, look } of tracks.toReversed())
    if (end !== undefined && !look && (tone !== 'stopped' || !open.has(end))) ends.set(end, tone);
  for (const { tone, path } of tracks) if (tone === 'attack' || tone === 'stopped') ends.set(path[0] ?? '', 'start');
  return ends;
}

/** What becomes of a track, for those who listen and for the line below the drawing. */
export function describeTrack({ tone, look, count, path, end }: Track): string {
  const [from, target] = [path[0], path.at(-1)];
  const counted = (what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
  const attempts = (what: string): string => `${counted(what)} from ${from}`;
  if (look)
    return tone === 'broken'
      ? `${counted('fault')} found at ${target}, looked for from ${from}`
      : `${attempts('look')} at ${target} found no fault`;
  if ((tone === 'stopped' || tone === 'broken') && end === undefined)
    return `${attempts(tone === 'stopped' ? 'attack' : 'legitimate attempt')} towards ${target} did not get through; nobody saw where ${count === 1 ? 'it' : 'they'} ended`;
  switch (tone) {
    case 'attack':
      return `${attempts('attack')} got through to ${target}`;
    case 'stopped':
      return end === target
        ? `${attempts('attack')} reached ${target} and ${count === 1 ? 'was' : 'were'} refused there`
        : `${attempts('attack')} towards ${target} stopped at ${end}`;
    case 'service':
      return `${attempts('legitimate attempt')} reached ${target}`;
    case 'broken':
      return end === target
        ? `${attempts('legitimate attempt')} got no answer from ${target}`
        : `${attempts('legitimate attempt')} towards ${target} got as far as ${end}`;
  }
}

/** The line over a way of nodes, without points that stand twice. A node that is not drawn is passed over. */
export function lineOver(way: readonly string[], { has, between }: Pick<Drawing, 'has' | 'between'>): readonly Place[] {
  const drawn = way.filter(has);
  const points = drawn.slice(1).flatMap((to, index) => between(drawn[index] ?? to, to));
  return points.filter((it, index) => index === 0 || it.x !== points[index - 1]?.x || it.y !== points[index - 1]?.y);
}

/** The same line, ended a little before its last point: what is stopped at a node stops at its edge. */
export function shorten(line: readonly Place[], by: number): readonly Place[] {
  const [before, last] = [line.at(-2), line.at(-1)];
  if (before === undefined || last === undefined) return line;
  const length = Math.hypot(last.x - before.x, last.y - before.y);
  if (length === 0) return line;
  const part = Math.max(0, (length - by) / length);
  return [...line.slice(0, -1), { x: before.x + (last.x - before.x) * part, y: before.y + (last.y - before.y) * part }];
}

export function svgPath(line: readonly Place[]): string {
  return line.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join(' ');
}
