import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import {
  type Days,
  jobsCommand,
  keptTooLong,
  lookDays,
  passedOn,
  repeatOf,
  type Seen,
  sentOut,
  tool,
} from './personal/days.ts';
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
import { watchOutflow } from './personal/outflow.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

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
    .describe('For inspections: kept longer than the register says, or passed on to others'),
  others: z.array(NodeName).min(1).describe('Machines of others, where what the jobs send can arrive'),
});
type Params = z.infer<typeof Params>;

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
  const { person, machines, others } = params;
  const everywhere = [...new Set([...machines, ...others, person.from])];
  const watched = context.kind !== 'service' && params.harm === 'passed-on';
  const outflow = await watchOutflow(watched ? machines : [], person.asks.resolver, context);
  try {
    return await observeDays(params, context, everywhere, outflow);
  } finally {
    await outflow.stop();
  }
}

async function observeDays(
  params: Params,
  context: ProbeContext,
  everywhere: readonly string[],
  outflow: Awaited<ReturnType<typeof watchOutflow>>,
): Promise<Observation> {
  const { person, machines, needed, others } = params;
  const { network, nonce, signal } = context;
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
        ...attemptsOf(
          params,
          { uses, before: [...before, ...elsewhere], after, days, stores, flows: outflow.flows() },
          context,
        ),
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
        ...(await outflow.keep()),
      ],
    };
  } finally {
    await release();
  }
}

function attemptsOf(params: Params, seen: Seen, context: ProbeContext): Attempt[] {
  if (context.kind === 'service') return seen.uses.flatMap((use) => answerable(use, params, seen, context));
  return params.harm === 'kept'
    ? keptTooLong(params, seen).map((it) => ({ ...it, sent: seen.before.length > 0 }))
    : [...passedOn(params, seen), ...sentOut(params, seen)].map((it) => ({ ...it, sent: seen.before.length > 0 }));
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
