import { z } from 'zod';

import { NodeName } from '../../model/ids.ts';
import type { Attempt } from '../../model/observation.ts';
import { type Place, PlaceName } from '../../model/places.ts';
import type { Plan } from '../../model/plan.ts';
import { addressesOf } from '../addresses-of.ts';
import { callersOf, heloOf, postmasterAt } from './correspondent.ts';
import type { Letter, Login } from './letter.ts';

export const Run = z.strictObject({
  label: z.string().describe('Who sends what, in words a trainee understands'),
  from: z.array(PlaceName).min(1).describe('The places that send; each sends all of it'),
  except: z.array(NodeName).default([]).describe('Machines of those classes that do not'),
  over: z.enum(['v4', 'v6']).optional().describe('Over this family alone'),
  ports: z.array(z.number().int().min(1).max(65_535)).min(1).default([25]).describe('25, or 587 and 465 to submit'),
  users: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Login → password: each of them sends all of it (SMTP AUTH); `most` is for each login, wherever it is used',
    ),
  sender: z
    .union([z.email(), z.enum(['', 'own'])])
    .describe(
      'MAIL FROM; empty for the null sender of a bounce, own for the postmaster of the place; USER is the login',
    ),
  recipient: z.email().describe('RCPT TO'),
  alsoTo: z.array(z.email()).default([]).describe('Further recipients of each message'),
  recipients: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('As many recipients has each message: names are made up, for a domain that takes all'),
  arrivesAt: NodeName.describe('The node with the mailboxes where it ends'),
  messages: z.number().int().min(1).max(200).default(1).describe('From each place, over each family, on each port'),
  guesses: z.number().int().min(0).max(200).default(0).describe('As many names that nobody has are tried before'),
  oneConnection: z.boolean().default(false).describe('One message after the other over the same connection'),
  early: z.boolean().default(false).describe('Says everything at once and waits for no answer'),
  most: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('In an abuse check: as many may get into mailboxes, of each address, or of each login'),
});
export type Run = z.infer<typeof Run>;

/** What one address sends, or one login from wherever it is used. */
export interface PlannedRun {
  readonly run: Run;
  readonly role: Attempt['role'];
  readonly label: string;
  readonly letters: readonly Letter[];
}

interface Runs {
  readonly server: string;
  readonly runs: readonly Run[];
  readonly canaries: readonly Run[];
}

/** The letters of every run, from each of its places, over every family of the server, guessed names first. */
export function planRuns({ server, runs, canaries }: Runs, plan: Plan, nonce: string): PlannedRun[] {
  const planned = [
    ...runs.flatMap((run) => draftRuns(run, 'try', server, plan)),
    ...canaries.flatMap((run) => draftRuns(run, 'canary', server, plan)),
  ];
  let count = 0;
  return planned.map((it, index) => ({
    ...it,
    letters: it.letters.map((letter) => ({
      ...letter,
      token: `${nonce}-${count++}`,
      ...(it.run.oneConnection ? { session: `${index} ${letter.source} ${letter.port}` } : {}),
    })),
  }));
}

export function placesOfRun({ from, except, over }: Run, server: string, plan: Plan): Place[] {
  return callersOf(plan, from, [...except, server]).filter(({ family }) => over === undefined || family === over);
}

function draftRuns(run: Run, role: Attempt['role'], server: string, plan: Plan): PlannedRun[] {
  const places = placesOfRun(run, server, plan);
  const logins = Object.entries(run.users).map(([user, password]) => ({ user, password }));
  if (logins.length === 0)
    return places.map((place) => ({
      run,
      role,
      label: places.length > 2 ? `${run.label}, from ${place.node} at ${place.address}` : run.label,
      letters: lettersFrom(place, run, server, plan),
    }));
  return logins.map((login) => ({
    run,
    role,
    label: logins.length > 1 ? `${run.label}, as ${login.user}` : run.label,
    letters: places.flatMap((place) => lettersFrom(place, run, server, plan, login)),
  }));
}

function lettersFrom(place: Place, run: Run, server: string, plan: Plan, login?: Login): Letter[] {
  const at = addressesOf(plan, server).find((it) => it.family === place.family);
  if (at === undefined) return [];
  const { sender, ports, early } = run;
  return ports.flatMap((port) =>
    recipientsOf(run).map(([recipient = '', ...alsoTo]) => ({
      token: '',
      from: place.node,
      source: place.address,
      server,
      family: place.family,
      host: at.address,
      port,
      helo: heloOf(plan, place.node),
      sender: sender === 'own' ? postmasterAt(plan, place) : sender.replace('USER', login?.user ?? 'USER'),
      recipient,
      ...(alsoTo.length === 0 ? {} : { alsoTo }),
      ...(login === undefined ? { inClear: true } : { login }),
      ...(early ? { early } : {}),
    })),
  );
}

/** The recipients of each message. */
function recipientsOf({ recipient, alsoTo, recipients, guesses, messages }: Run): string[][] {
  const at = recipient.lastIndexOf('@');
  const [local, domain] = [recipient.slice(0, at), recipient.slice(at)];
  const madeUp = Array.from({ length: recipients - 1 }, (_, index) => `${local}-${index + 1}${domain}`);
  return [
    ...Array.from({ length: guesses }, (_, index) => [`guess${index + 1}${domain}`]),
    ...Array.from({ length: messages }, () => [recipient, ...alsoTo, ...madeUp]),
  ];
}
