import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { breachOf, foundBy } from './document/breaches.ts';
import { shorten } from './document/excerpt.ts';
import { Rule } from './document/rules.ts';
import {
  attemptOfUse,
  existingPaths,
  fetchRegister,
  leaveTraces,
  Person,
  RegisterFile,
  settledTraces,
  type Trace,
  tracesEvidence,
  type Use,
} from './personal/person.ts';
import { type Register, type Store, storeOf } from './personal/register.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  person: Person.describe('Who uses the services, and how'),
  machines: z.array(NodeName).min(1).describe('The machines of the provider that are searched for traces'),
  words: z
    .array(z.string().min(4))
    .default([])
    .describe(
      'By what persons are known already, such as their mail addresses: files that hold it are searched for too',
    ),
  register: RegisterFile.describe('The register of what is kept about persons'),
  today: z.iso.date().describe('The day on which the exercise takes place: a verdict must not depend on the calendar'),
  expect: z
    .array(Rule.omit({ repeats: true, links: true, leadsTo: true, mail: true, follows: true }))
    .default([])
    .describe('What the register has to say, as for read-document'),
});
type Params = z.infer<typeof Params>;

/** Whether a provider knows where he keeps what about persons. */
export const tracePerson = defineProbe({
  name: 'trace-person',
  summary:
    'Uses web, mail and names as a person does, searches the machines for what that left behind, and compares the places with the register of what is kept about persons.',
  params: Params,
  nodes: ({ person, machines, register }) => [
    person.from,
    person.writes.server,
    person.asks.resolver,
    ...machines,
    register.node,
  ],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { person, machines, words } = params;
  const { network, nonce, signal, kind } = context;
  const { uses, release } = await leaveTraces(person, [...new Set([...machines, person.from])], context);
  try {
    if (kind === 'service') return { attempts: uses.map((it) => attemptOfUse(it, 'try')), evidence: [] };
    const [traces, { register, text }] = await Promise.all([
      settledTraces(machines, [nonce, ...words], context),
      fetchRegister(params.register, context),
    ]);
    const stores = typeof register === 'string' ? [] : register.stores;
    const there = await Promise.all(
      machines.map(async (machine) => {
        const paths = stores.filter((it) => it.machine === machine).map((it) => it.path);
        const found = paths.length === 0 ? [] : await existingPaths(network, machine, paths, signal);
        return found.map((path) => `${machine}:${path}`);
      }),
    );
    const faults = [
      ...undeclaredPlaces(traces, stores),
      ...missingStores(stores, new Set(there.flat()), machines),
      ...brokenRules(params, register, text, context),
    ];
    return {
      attempts: [...faults.map((it) => attemptOf(it, params, traces)), ...canaries(uses, traces, context)],
      evidence: [
        await tracesEvidence('Where traces of the person were found', 'traces', traces, context),
        await registerEvidence(text, params, context),
      ],
    };
  } finally {
    await release();
  }
}

/** What can be wrong, and whether it is. */
export interface Doubt {
  readonly label: string;
  readonly at: string;
  readonly wrong: boolean;
  readonly seen: string;
  readonly repeat: string;
}

/** Every file with a trace is in the register. Pure. */
export function undeclaredPlaces(traces: readonly Trace[], stores: readonly Store[]): Doubt[] {
  return traces.map(({ machine, path, lines }) => {
    const store = storeOf(stores, { machine, path });
    return {
      label: `${path} of ${machine} is kept, and the register does not know it`,
      at: machine,
      wrong: store === undefined,
      seen:
        store === undefined
          ? `it holds ${lines.length === 1 ? 'a line' : `${lines.length} lines`} about persons, such as "${shorten(lines[0] ?? '')}"`
          : `the register has it as ${store.machine}:${store.path}`,
      repeat: `breakwater exec ${machine} -- ls -l ${path}`,
    };
  });
}

/** Every store of the register is there. Pure. */
export function missingStores(
  stores: readonly Store[],
  there: ReadonlySet<string>,
  machines: readonly string[],
): Doubt[] {
  return stores.map(({ machine, path }) => {
    const wrong = !there.has(`${machine}:${path}`);
    return {
      label: `the register has ${path} of ${machine}, and there is no such thing`,
      at: machines.includes(machine) ? machine : (machines[0] ?? ''),
      wrong,
      seen: !wrong ? 'it is there' : machines.includes(machine) ? 'nothing is there' : 'no machine has that name',
      repeat: `breakwater exec ${machine} -- ls -ld '${path}'`,
    };
  });
}

function brokenRules(
  { register: { node, file }, today, expect }: Params,
  register: Register | string,
  text: string,
  { plan }: ProbeContext,
): Doubt[] {
  const repeat = `breakwater exec ${node} -- cat ${file}`;
  if (typeof register === 'string')
    return [
      { label: 'nobody knows what is kept about persons', at: node, wrong: true, seen: `${file}: ${register}`, repeat },
    ];
  return expect.map((rule) => {
    const why = breachOf(rule, register.parts, text, { plan, today });
    const [first] = foundBy(rule, register.parts, text);
    return {
      label: rule.label,
      at: node,
      wrong: why !== undefined,
      seen: why ?? `${first?.path ?? ''}: ${shorten(first?.value ?? '')}`,
      repeat,
    };
  });
}

function attemptOf({ label, at, wrong, seen, repeat }: Doubt, { register }: Params, traces: readonly Trace[]): Attempt {
  return {
    label,
    role: 'try',
    from: at,
    to: `${register.node}:${register.file}`,
    // Who found no trace at all has not searched.
    sent: traces.length > 0,
    succeeded: wrong,
    seen,
    repeat,
  };
}

/** The person was served, and what he wrote lies somewhere: so searching finds. */
function canaries(uses: readonly Use[], traces: readonly Trace[], { nonce }: ProbeContext): Attempt[] {
  const letter = traces.find(({ lines }) => lines.some((it) => it.includes(`${nonce}-letter`)));
  return uses.map((use) => {
    const attempt = attemptOfUse(use, 'canary');
    return use.kind !== 'letter' || letter !== undefined
      ? attempt
      : { ...attempt, succeeded: false, seen: `${use.seen}, and it is nowhere to be found` };
  });
}

async function registerEvidence(
  text: string,
  { register: { node, file } }: Params,
  { keep }: ProbeContext,
): Promise<Evidence> {
  const lines = text.split('\n');
  return {
    kind: 'transcript',
    title: 'The register as it was read',
    file: await keep('register.yml', text),
    command: `breakwater exec ${node} -- cat ${file}`,
    excerpt: lines.length > 80 ? [...lines.slice(0, 80), `… ${lines.length - 80} more lines`].join('\n') : text,
  };
}
