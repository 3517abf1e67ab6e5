import type { Attempt } from '../../model/observation.ts';
import type { Outflow } from './outflow.ts';
import type { Trace, Use } from './person.ts';
import { type Place, type Store, storeOf } from './register.ts';

export const tool = '/usr/lib/breakwater/attacks/pass-days';

/** Day → what is found on it. */
export type Days = ReadonlyMap<number, readonly Trace[]>;

/** What makes it right, as the check says. */
interface Limits {
  readonly needed: number;
  readonly most: number;
  readonly theirs: readonly Store[];
  readonly machines: readonly string[];
  readonly others: readonly string[];
}

export interface Seen {
  readonly uses: readonly Use[];
  readonly before: readonly Trace[];
  readonly after: readonly Trace[];
  readonly days: Days;
  readonly stores: readonly Store[];
  readonly flows: readonly Outflow[];
}

/** Days on which somebody looks: when a complaint comes, and when each store of the register has to have forgotten. Pure. */
export function lookDays(
  traces: readonly Place[],
  stores: readonly Store[],
  { needed, most }: Pick<Limits, 'needed' | 'most'>,
): number[] {
  const ends = traces.flatMap((trace) => {
    const days = storeOf(stores, trace)?.days;
    return days === undefined || days > most ? [] : [days + 1];
  });
  return [...new Set([needed, ...ends])].toSorted((a, b) => a - b);
}

type Doubt = Omit<Attempt, 'sent'>;

/** Whatever holds a trace forgets it in time. Pure. */
export function keptTooLong(
  { most, theirs, machines }: Pick<Limits, 'most' | 'theirs' | 'machines'>,
  { before, days, stores }: Pick<Seen, 'before' | 'days' | 'stores'>,
): Doubt[] {
  const lastDay = Math.max(...days.keys());
  const ours = (trace: Place): boolean => machines.includes(trace.machine) && storeOf(theirs, trace) === undefined;
  const held = [...before, ...days.values()].flat().filter(ours);
  const keptIn = new Set(held.flatMap((it) => storeOf(stores, it) ?? []));
  const strays = [
    ...new Map(held.filter((it) => storeOf(stores, it) === undefined).map((it) => [nameOf(it), it])).values(),
  ];
  const doubt = (label: string, machine: string, day: number, why: string | undefined, well: string): Doubt => ({
    label,
    role: 'try',
    from: machine,
    to: machine,
    succeeded: why !== undefined,
    seen: why ?? well,
    repeat: repeatOf(machine, day, 'WORD'),
  });
  return [
    ...[...keptIn].map((store) => {
      const { machine, path, days: limit } = store;
      const label = `${path} of ${machine} is kept longer than the register says`;
      if (limit === undefined) return doubt(label, machine, lastDay, 'the register does not say for how many days', '');
      if (limit > most)
        return doubt(label, machine, limit, `the register says ${limit} days, and nobody needs more than ${most}`, '');
      const left = (days.get(limit + 1) ?? []).filter((it) => storeOf(stores, it) === store);
      const where = left.map((it) => it.path).join(', ');
      return doubt(
        label,
        machine,
        limit + 1,
        left.length === 0 ? undefined : `the register says ${limit} days, and on the next ${where} still has it`,
        `gone after ${limit} days`,
      );
    }),
    ...strays.map((it) =>
      doubt(
        `${it.path} of ${it.machine} is kept, and nobody has said how long`,
        it.machine,
        lastDay,
        (days.get(lastDay) ?? []).some((left) => nameOf(left) === nameOf(it))
          ? `the register does not know it, and it is still there after ${lastDay} days`
          : 'the register does not know it',
        '',
      ),
    ),
  ];
}

/** What holds a trace after the jobs ran, and did not before, got it from them. A store of the register may. Pure. */
export function passedOn(
  { machines, others, theirs }: Pick<Limits, 'machines' | 'others' | 'theirs'>,
  { before, after, stores }: Pick<Seen, 'before' | 'after' | 'stores'>,
): Doubt[] {
  const known = new Set(before.map(nameOf));
  return [...new Set([...machines, ...others])].map((machine) => {
    const got = after.filter(
      (it) =>
        it.machine === machine &&
        !known.has(nameOf(it)) &&
        (storeOf(theirs, it) !== undefined || storeOf(stores, it) === undefined),
    );
    return {
      label: `the daily jobs pass it on to somebody at ${machine}`,
      role: 'try',
      from: machines[0] ?? '',
      to: machine,
      succeeded: got.length > 0,
      seen:
        got.length === 0
          ? 'nothing came that had not been there before'
          : `${got.length === 1 ? 'it came' : `it came ${got.length} times`}, such as in ${got[0]?.path}`,
      repeat: jobsCommand(machines),
    };
  });
}

/** What machines send to others of their own accord, such as a log by syslog, while the person is there and afterwards. Pure. */
export function sentOut({ machines }: Pick<Limits, 'machines'>, { flows }: Pick<Seen, 'flows'>): Doubt[] {
  return machines.map((machine) => {
    const own = flows.filter((it) => it.machine === machine);
    const [first] = own.toSorted((a, b) => Number(b.named) - Number(a.named));
    return {
      label: `${machine} sends it to somebody outside`,
      role: 'try',
      from: machine,
      to: first?.to ?? 'others',
      succeeded: first !== undefined,
      seen:
        first === undefined
          ? 'nothing left for addresses of others, but answers'
          : `${first.bytes} bytes left for ${first.to} port ${first.port}${first.named ? ', and they name the person' : ''}`,
      repeat: `breakwater capture ${machine}:any 'tcp or udp'`,
    };
  });
}

function nameOf({ machine, path }: Place): string {
  return `${machine}:${path}`;
}

export function repeatOf(machine: string, day: number, word: string): string {
  return `breakwater exec ${machine} -- ${tool} ${day} ${word}`;
}

export function jobsCommand([machine = '']: readonly string[]): string {
  return `breakwater exec ${machine} -- run-parts --report /etc/cron.daily`;
}
