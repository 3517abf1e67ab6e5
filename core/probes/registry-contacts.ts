import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import { endsOf } from '../model/draws.ts';
import { containsPrefix, parsePrefix, rangeOf } from '../model/ip.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { type Family, familyOf, type Plan } from '../model/plan.ts';
import type { Network } from '../runtime/runtime.ts';
import { addressesOf } from './addresses-of.ts';
import { phoneOf } from './document/values.ts';
import { composeMessage } from './mail/letter.ts';
import { mailboxEvidence } from './mail/evidence.ts';
import { mailboxWith, settleMail, tieRemoval } from './mail/trace.ts';
import { defineProbe, type ProbeContext } from './probe.ts';
import { askWhois, readObjects, type RegistryObject, valuesOf, whoisCommand } from './registry/whois.ts';

const Lookup = z.strictObject({
  label: z.string().describe('What somebody wants to know, in words a trainee understands'),
  query: z.string().describe('What he asks whois'),
  object: z.string().describe('What has to be in the answer, such as `aut-num AS64496`'),
  domain: z.string().optional().describe('The domain of all its contacts: whose it is'),
});
type Lookup = z.infer<typeof Lookup>;

const Params = z.strictObject({
  registry: NodeName.describe('The node with the registry'),
  from: NodeName.describe('Who asks and writes; has a mail server of its own'),
  lookups: z.array(Lookup).default([]).describe('Objects whose contacts are followed'),
  assignments: z
    .strictObject({
      provider: z.string().describe('The domain of the provider'),
      private: z
        .array(z.strictObject({ customer: z.string(), words: z.array(z.string()) }))
        .default([])
        .describe('Customers who are private persons: the provider answers for them, and none of these words is told'),
    })
    .optional()
    .describe('Every prefix of every customer of the plan: registered exactly, with contacts of the customer'),
  mailboxes: z.array(NodeName).min(1).describe('Nodes with the mailboxes where mail to contacts may end'),
});
type Params = z.infer<typeof Params>;

/** One thing that is looked up, and what makes it right. */
interface Planned {
  readonly label: string;
  readonly query: string;
  readonly kind: string;
  readonly name: string;
  /** Contacts have to be in this domain … */
  readonly domain?: string | undefined;
  /** … or must not be in this one. */
  readonly notDomain?: string | undefined;
  /** Whose people have to get what is written: a customer's name or an AS number of the plan. */
  readonly party?: string | undefined;
  readonly secret: readonly string[];
}

const roles = ['admin-c', 'tech-c', 'abuse-c'];
const domainRoles = ['admin-c', 'tech-c', 'zone-c'];
/** RFC 2142, and what registries call their keepers: somebody reads them, whoever has left. */
const roleMailboxes = /^(abuse|noc|security|hostmaster|postmaster|webmaster|support|info|admin|registry)@/;

/** Follows a registry to the people behind a network, and writes to them. */
export const registryContacts = defineProbe({
  name: 'registry-contacts',
  summary:
    'Looks up networks and assignments in a registry, follows them to their contacts, and writes to every address it finds. In an inspection the fault that is looked for is to get lost.',
  params: Params,
  nodes: ({ registry, from, mailboxes }) => [registry, from, ...mailboxes],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal, kind } = context;
  const planned = planLookups(params, plan);
  const spaces = params.assignments === undefined ? [] : providerSpaces(plan, params.assignments.provider);
  const ends = addressesOf(plan, params.registry);
  const release = await tieRemoval(network, [params.from, ...params.mailboxes], nonce);
  try {
    const told = await Promise.all(
      ends.map(async ({ family, address }) => {
        const questions = [...planned.map((it) => it.query), ...spaces.map((it) => `-r -M ${it}`)];
        const answers = await askWhois(network.node(params.from), address, questions, signal);
        return { family, address, answers };
      }),
    );
    const all = told.flatMap(({ answers }) => answers.flatMap((it) => mailAddresses(readObjects(it ?? ''))));
    const reached = await writeTo([...new Set(all)].toSorted(), params, context);
    const attempts = told.flatMap(({ family, address, answers }) => [
      ...planned.map((it, index): Attempt => {
        const answer = answers[index];
        const faults = answer === undefined ? ['no answer'] : faultsIn(it, readObjects(answer), answer, reached);
        return attempt({ label: it.label, query: it.query, family, address, answer, faults, well: wellOf(it) });
      }),
      ...spaces.map((space, index): Attempt => {
        const answer = answers[planned.length + index];
        const faults = answer === undefined ? ['no answer'] : strayIn(space, readObjects(answer), plan);
        const label = `what is assigned of ${space}`;
        return attempt({
          label,
          query: `-r -M ${space}`,
          family,
          address,
          answer,
          faults,
          well: 'nobody else has any',
        });
      }),
    ]);
    const mail = await Promise.all(params.mailboxes.map((node) => mailboxEvidence(node, reached.traces, context)));
    return { attempts, evidence: [await keepAnswers(told, planned, spaces, context), ...mail] };
  } finally {
    await release();
  }

  function attempt(it: {
    label: string;
    query: string;
    family: Family;
    address: string;
    answer: string | undefined;
    faults: readonly string[];
    well: string;
  }): Attempt {
    const service = kind === 'service';
    return {
      label: service ? it.label : `to get lost on the way to ${it.label}`,
      role: 'try',
      family: it.family,
      from: params.from,
      to: it.address,
      sent: service || it.answer !== undefined,
      succeeded: service ? it.faults.length === 0 : it.answer !== undefined && it.faults.length > 0,
      seen: it.faults.length === 0 ? it.well : it.faults.join('; '),
      repeat: whoisCommand(params.from, it.address, it.query),
    };
  }
}

/** What the lab lists, and one lookup for each prefix of each customer. */
export function planLookups({ lookups, assignments }: Params, plan: Plan): Planned[] {
  const listed = lookups.map(({ label, query, object, domain }): Planned => {
    const [kind = '', ...name] = object.split(' ');
    return { label, query, kind, name: name.join(' '), domain, party: networkOf(plan, domain), secret: [] };
  });
  if (assignments === undefined) return listed;
  const assigned = plan.customers.flatMap((customer) =>
    customer.prefixes.map((prefix): Planned => {
      const quiet = assignments.private.find((it) => it.customer === customer.name);
      const { network } = parsePrefix(prefix);
      return {
        label: `whoever uses ${prefix} (${customer.name})`,
        query: network,
        kind: familyOf(prefix) === 'v4' ? 'inetnum' : 'inet6num',
        name: assignmentName(prefix),
        ...(quiet === undefined
          ? { notDomain: assignments.provider, party: customer.name }
          : { domain: assignments.provider, party: networkOf(plan, assignments.provider) }),
        secret: quiet?.words ?? [],
      };
    }),
  );
  return [...listed, ...assigned];
}

function networkOf(plan: Plan, domain: string | undefined): string | undefined {
  return Object.keys(plan.ases).find((as) => domain !== undefined && plan.ases[as]?.domain === domain);
}

/** How a registry names a prefix: `192.0.2.128 - 192.0.2.159` in IPv4, the prefix itself in IPv6. */
export function assignmentName(prefix: string): string {
  const { family, network, prefixLength } = parsePrefix(prefix);
  return family === 'v6' ? `${network}/${prefixLength}` : `${network} - ${endsOf(prefix).last}`;
}

function providerSpaces(plan: Plan, domain: string): string[] {
  return (
    Object.values(plan.ases)
      .find((it) => it.domain === domain)
      ?.prefixes.toSorted() ?? []
  );
}

interface Reached {
  /** `node:mailbox` where what was written to an address lies. */
  boxesOf(address: string): readonly string[];
  /** Whether one of them is read by somebody of a party of the plan. */
  isRead(address: string, party: string): boolean;
  readonly traces: Parameters<typeof mailboxWith>[0];
}

/** Every fault of an answer, a few words each; none when whoever asked gets to whom he looked for. */
function faultsIn(wanted: Planned, objects: readonly RegistryObject[], answer: string, reached: Reached): string[] {
  const object = objects.find((it) => it.kind === wanted.kind && sameName(it.name, wanted.name));
  const told = wanted.secret.filter((word) => answer.toLowerCase().includes(word.toLowerCase()));
  const leaks = told.map((word) => `it tells everybody ${word}`);
  if (object === undefined) {
    const instead = objects.find((it) => it.kind === wanted.kind)?.name;
    return [`no ${wanted.kind} ${wanted.name}${instead === undefined ? '' : `, but ${instead}`}`, ...leaks];
  }
  const lost = rolesOf(wanted).flatMap((role) => contactFaults(role, object, objects, wanted, reached));
  return [...leaks, ...new Set(lost)];
}

function rolesOf({ kind }: Planned): readonly string[] {
  return kind === 'domain' ? domainRoles : roles;
}

/** `192.0.2.128/27` is another way to write a range. */
function sameName(one: string, other: string): boolean {
  const whole = one.replaceAll(/\s+/g, ' ');
  const name = /^[\d.]+\/\d+$/.test(whole) ? assignmentName(whole) : whole;
  return name.toUpperCase() === other.toUpperCase();
}

function contactFaults(
  role: string,
  object: RegistryObject,
  objects: readonly RegistryObject[],
  { domain, notDomain, party }: Planned,
  reached: Reached,
): string[] {
  // Today's registries keep the contact for abuse in the organisation that holds a resource.
  const holder = objects.find(
    (it) => it.kind === 'organisation' && valuesOf(object, 'org').some((org) => sameName(org, it.name)),
  );
  const stated = valuesOf(object, role);
  const handles = stated.length === 0 && role === 'abuse-c' && holder !== undefined ? valuesOf(holder, role) : stated;
  if (handles.length === 0) return [`no ${role}`];
  return handles.flatMap((handle) => {
    const contact = objects.find((it) => valuesOf(it, 'nic-hdl').some((name) => sameName(name, handle)));
    if (contact === undefined) return [`${role} ${handle} is not registered`];
    const where = `${role} ${handle}`;
    const phone = contact.attributes.find(([name]) => name === 'phone')?.[1] ?? '';
    const mail = [...valuesOf(contact, 'e-mail'), ...(role === 'abuse-c' ? valuesOf(contact, 'abuse-mailbox') : [])];
    return [
      ...(contact.kind === 'role' ? [] : [`${where} is a person, who may leave`]),
      ...(phoneOf(phone) === undefined ? [`${where} has no telephone number to call`] : []),
      ...(mail.length === 0 ? [`${where} has no address to write to`] : []),
      ...(role !== 'abuse-c' || valuesOf(contact, 'abuse-mailbox').length > 0 ? [] : [`${where} has no abuse-mailbox`]),
      ...mail.flatMap((address) => [
        ...(roleMailboxes.test(address) ? [] : [`${address} is a person's`]),
        ...(domain === undefined || address.endsWith(`@${domain}`) ? [] : [`${address} is not of ${domain}`]),
        ...(notDomain !== undefined && address.endsWith(`@${notDomain}`) ? [`${address} is not the customer's`] : []),
        ...(reached.boxesOf(address).length === 0 ? [`mail to ${address} does not arrive`] : []),
        ...(reached.boxesOf(address).length > 0 && party !== undefined && !reached.isRead(address, party)
          ? [`mail to ${address} is read by somebody else`]
          : []),
      ]),
    ];
  });
}

function wellOf({ kind, name }: Planned): string {
  return `${kind} ${name}, and mail to all its contacts arrived`;
}

/** Assignments inside a provider's space that are no customer's and hold no node of the plan: of whom has left. */
function strayIn(space: string, objects: readonly RegistryObject[], plan: Plan): string[] {
  const own = Object.values(plan.nodes).flatMap((node) => [
    ...node.loopback,
    ...Object.values(node.interfaces).flatMap((it) => it.addresses.map((cidr) => cidr.replace(/\/\d+$/, ''))),
  ]);
  const used = own.filter((it) => familyOf(it) === familyOf(space));
  const customers = plan.customers.flatMap((it) => it.prefixes.map((prefix) => assignmentName(prefix)));
  return objects
    .filter((it) => it.kind === 'inetnum' || it.kind === 'inet6num')
    .filter((it) => !customers.some((name) => sameName(name, it.name)))
    .filter((it) => !used.some((address) => holds(it.name, address)))
    .map((it) => `${it.name} (${valuesOf(it, 'netname').join(' ')}) is nobody's any more`);
}

function holds(name: string, address: string): boolean {
  const [first = '', last] = name.split(/\s*-\s*/);
  if (last === undefined) return containsPrefix(first, address);
  const number = (text: string): bigint => rangeOf(text).first;
  return number(first) <= number(address) && number(address) <= number(last);
}

function mailAddresses(objects: readonly RegistryObject[]): string[] {
  return objects.flatMap((it) => [...valuesOf(it, 'e-mail'), ...valuesOf(it, 'abuse-mailbox')]);
}

/** Writes a letter to each address from `from`, as its own mail server finds the way, and waits where they end. */
async function writeTo(
  addresses: readonly string[],
  { from, mailboxes }: Params,
  { network, plan, nonce, signal }: ProbeContext,
): Promise<Reached> {
  const tokens = new Map(addresses.map((address, index) => [address, `${nonce}-${index}`]));
  await Promise.all([...tokens].map(([address, token]) => post(network, from, address, token, signal)));
  const traces = await settleMail(network, [...new Set([from, ...mailboxes])], nonce, {
    complete: () => true,
    timeoutMs: 45_000,
    signal,
  });
  const boxesOf = (address: string): string[] =>
    mailboxes.flatMap((node) => {
      const path = mailboxWith(traces, node, tokens.get(address) ?? '');
      return path === undefined ? [] : [`${node}:${path.split('/').at(-3) ?? path}`];
    });
  const isRead = (address: string, party: string): boolean => {
    const people = Object.entries(plan.people[party] ?? {}).flatMap(([node, boxes]) =>
      boxes.map((it) => `${node}:${it}`),
    );
    return boxesOf(address).some((it) => people.includes(it));
  };
  return { traces, boxesOf, isRead };
}

async function post(network: Network, from: string, to: string, token: string, signal: AbortSignal): Promise<void> {
  // With the null sender nothing comes back, which would look like mail that arrived.
  const input = composeMessage({ token, sender: '', recipient: to }).replaceAll('\r\n', '\n');
  const argv = ['sendmail', '-i', '-f', '', '--', to];
  const { exitCode, stderr } = await network.node(from).exec(argv, { input, signal });
  if (exitCode !== 0) throw new LabError('command-failed', `sendmail on ${from}: ${stderr.trim()}`);
}

async function keepAnswers(
  told: readonly { address: string; answers: readonly (string | undefined)[] }[],
  planned: readonly Planned[],
  spaces: readonly string[],
  { keep }: ProbeContext,
): Promise<Evidence> {
  const questions = [...planned.map((it) => it.query), ...spaces.map((it) => `-r -M ${it}`)];
  const text = told
    .flatMap(({ address, answers }) =>
      answers.map((answer, index) => `# ${questions[index]} @ ${address}\n${answer ?? '(no answer)'}\n`),
    )
    .join('\n');
  return {
    kind: 'transcript',
    title: `${questions.length * told.length} questions to the registry and their answers`,
    file: await keep('whois.txt', text),
    command: `whois -h ${told[0]?.address ?? ''} -- '${questions[0] ?? ''}'`,
    excerpt: text.split('\n').slice(0, 40).join('\n'),
  };
}
