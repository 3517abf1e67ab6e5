import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import {
  attemptOfUse,
  fetchRegister,
  findTraces,
  Found,
  isTold,
  leaveTraces,
  markOf,
  Person,
  RegisterFile,
  settledTraces,
  type Trace,
  tracesEvidence,
  type Use,
} from './personal/person.ts';
import { type Place, type Store, storeOf } from './personal/register.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const tool = '/usr/lib/breakwater/attacks/pass-days';

const Params = z.strictObject({
  person: Person.describe('Who uses the services, and how'),
  machines: z.array(NodeName).min(1).describe('The machines of the provider whose jobs run day by day'),
  register: RegisterFile.describe('The register of what is kept about persons'),
  needed: z.number().int().min(1).describe('The day on which a complaint must still lead to the person'),
  most: z.number().int().min(1).max(60).describe('The most days that a log may be kept, whatever the register says'),
  theirs: z
    .array(z.strictObject({ machine: NodeName, path: z.string().startsWith('/') }))
    .default([])
    .describe('What belongs to customers, who delete it themselves: it has no last day, and jobs put nothing there'),
  harm: z
    .enum(['kept', 'passed-on'])
    .default('kept')
    .describe('For abuse checks: kept longer than the register says, or passed on by the jobs'),
  others: z.array(NodeName).min(1).describe('Machines of others, where what the jobs send can arrive'),
});
type Params = z.infer<typeof Params>;

/** Day → what is found on it. */
type Days = ReadonlyMap<number, readonly Trace[]>;

/** What becomes of data about persons when time passes. */
export const passDays = defineProbe({
  name: 'pass-days',
  summary:
    'Lets days pass for the daily jobs of the machines after a person used the services, and looks how long the traces can be found, and who else gets them.',
  params: Params,
  // What the jobs send holds the traces of everybody who looks at the same time, and would be cleared away by each.
  exclusive: true,
  nodes: ({ person, machines, register, others }) => [
    person.from,
    person.writes.server,
    person.asks.resolver,
    ...others,
    ...machines,
    register.node,
  ],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { person, machines, needed, others } = params;
  const { network, nonce, signal } = context;
  const everywhere = [...new Set([...machines, ...others, person.from])];
  const { uses, release } = await leaveTraces(person, everywhere, context);
  try {
    const [before, { register }] = await Promise.all([
      settledTraces(machines, [nonce], context),
      fetchRegister(params.register, context),
    ]);
    const stores = typeof register === 'string' ? [] : register.stores;
    const looks = lookDays(before, stores, params);
    const elsewhere = await findTraces(network, others, [nonce], signal);
    // A machine that has nothing has nothing to forget, and nothing to pass on.
    const holders = machines.filter((machine) => before.some((it) => it.machine === machine));
    const { days, said } = await letDaysPass(holders, looks, context);
    const after = await settledTraces([...new Set([...machines, ...others])], [nonce], context);
    const lastDay = Math.max(...looks);
    return {
      attempts: [
        ...attemptsOf(params, { uses, before: [...before, ...elsewhere], after, days, stores }, context),
        ...uses.map((it) => attemptOfUse(it, 'canary')),
      ],
      evidence: [
        await tracesEvidence('What was found on the first day', 'day-0', before, context),
        await tracesEvidence(`What was found after ${needed} days`, `day-${needed}`, days.get(needed) ?? [], context),
        await tracesEvidence(
          `What was found after ${lastDay} days`,
          `day-${lastDay}`,
          days.get(lastDay) ?? [],
          context,
        ),
        await jobsEvidence(said, params, context),
      ],
    };
  } finally {
    await release();
  }
}

interface Seen {
  readonly uses: readonly Use[];
  readonly before: readonly Trace[];
  readonly after: readonly Trace[];
  readonly days: Days;
  readonly stores: readonly Store[];
}

function attemptsOf(params: Params, seen: Seen, context: ProbeContext): Attempt[] {
  if (context.kind === 'service') return seen.uses.flatMap((use) => answerable(use, params, seen, context));
  return params.harm === 'kept'
    ? keptTooLong(params, seen).map((it) => ({ ...it, sent: seen.before.length > 0 }))
    : passedOn(params, seen).map((it) => ({ ...it, sent: seen.before.length > 0 }));
}

/** Days on which somebody looks: when a complaint comes, and when each store of the register has to have forgotten. Pure. */
export function lookDays(
  traces: readonly Place[],
  stores: readonly Store[],
  { needed, most }: Pick<Params, 'needed' | 'most'>,
): number[] {
  const ends = traces.flatMap((trace) => {
    const days = storeOf(stores, trace)?.days;
    return days === undefined || days > most ? [] : [days + 1];
  });
  return [...new Set([needed, ...ends])].toSorted((a, b) => a - b);
}

/** On the day of the complaint the logs still tell who it was. Names that somebody looked up nobody has to keep. */
function answerable(use: Use, { needed, machines }: Params, { days }: Seen, { plan }: ProbeContext): Attempt[] {
  if (use.kind === 'question') return [];
  const traces = days.get(needed) ?? [];
  const told = traces.find(({ lines }) => isTold(use, lines, plan));
  const some = traces.find(({ lines }) => lines.some((it) => it.includes(use.token)));
  return [
    {
      label: `after ${needed} days it can be told who ${use.kind === 'visit' ? 'visited the web site' : 'handed in a letter'}`,
      role: 'try',
      family: use.family,
      from: told?.machine ?? machines[0] ?? '',
      to: use.to,
      sent: true,
      succeeded: told !== undefined,
      seen:
        told !== undefined
          ? `${told.machine}:${told.path} tells it`
          : some === undefined
            ? 'nothing about it is left'
            : `${some.machine}:${some.path} has it, and does not tell the address`,
      repeat: repeatOf(told?.machine ?? some?.machine ?? machines[0] ?? '', needed, use.token),
    },
  ];
}

type Doubt = Omit<Attempt, 'sent'>;

/** Whatever holds a trace forgets it in time. Pure. */
export function keptTooLong(
  { most, theirs, machines }: Pick<Params, 'most' | 'theirs' | 'machines'>,
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
    fault: true,
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
  { machines, others, theirs }: Pick<Params, 'machines' | 'others' | 'theirs'>,
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

function nameOf({ machine, path }: Place): string {
  return `${machine}:${path}`;
}

function repeatOf(machine: string, day: number, word: string): string {
  return `breakwater exec ${machine} -- ${tool} ${day} ${word}`;
}

function jobsCommand([machine = '']: readonly string[]): string {
  return `breakwater exec ${machine} -- run-parts --report /etc/cron.daily`;
}

const Day = z.strictObject({ day: z.number(), found: Found });

/** The jobs of all machines, side by side; what they said is what cron would have mailed to root. */
async function letDaysPass(
  machines: readonly string[],
  looks: readonly number[],
  { network, nonce, signal }: ProbeContext,
): Promise<{ days: Days; said: string }> {
  const seen = await Promise.all(
    machines.map(async (machine) => {
      // Tied to us: jobs that send something must not go on when we are gone.
      const process = network.node(machine).spawn([tool, '--as', markOf(nonce), looks.join(','), nonce], { signal });
      const exitCode = await process.ended;
      const said = process.stderr().trim();
      if (exitCode !== 0)
        throw new LabError(exitCode === 127 ? 'missing-tool' : 'command-failed', `pass-days on ${machine}: ${said}`);
      const days = process
        .stdout()
        .toString()
        .trim()
        .split('\n')
        .map((line) => Day.parse(JSON.parse(line)));
      return { machine, days, said };
    }),
  );
  const days = looks.map((look): [number, Trace[]] => [
    look,
    seen.flatMap(({ machine, days: own }) =>
      (own.find(({ day }) => day === look)?.found ?? []).map((it) => ({ machine, ...it })),
    ),
  ]);
  const said = seen.map((it) => `# ${it.machine}\n${it.said === '' ? '(nothing)' : it.said}`).join('\n');
  return { days: new Map(days), said };
}

async function jobsEvidence(said: string, { machines }: Params, { keep }: ProbeContext): Promise<Evidence> {
  const lines = said.split('\n');
  return {
    kind: 'log',
    title: 'What the jobs said',
    file: await keep('jobs.txt', `${said}\n`),
    command: jobsCommand(machines),
    excerpt: lines.length > 40 ? [...lines.slice(0, 40), `… ${lines.length - 40} more lines`].join('\n') : said,
  };
}
