import { LabError } from '../../model/errors.ts';
import type { Evidence } from '../../model/observation.ts';
import type { Plan } from '../../model/plan.ts';
import { fateOf, writeTo, type Readers, type Written } from '../mail/write-to.ts';
import type { ProbeContext } from '../probe.ts';
import { addressesIn } from './breaches.ts';
import type { Trouble } from './elsewhere.ts';
import { type Found, find, type Part } from './part.ts';
import type { Rule } from './rules.ts';
import { plain } from './values.ts';

type MailRule = NonNullable<Rule['mail']>;

/** An address that a document tells, and whose it has to be. */
interface Told {
  readonly address: string;
  /** The record in which it stands, such as `customers.0`. */
  readonly record: string;
  readonly readers: Readers;
  /** The party as the document calls it, where it says so. */
  readonly party?: string;
}

/** The nodes on which people may read what a rule has written. */
export function nodesOfReaders({ readers }: MailRule, plan: Plan): string[] {
  return Object.keys(typeof readers === 'string' ? readersOf(readers, plan) : readers);
}

/** Whose mailboxes are where, as the plan says. */
function readersOf(whose: Exclude<MailRule['readers'], Readers>, plan: Plan): Readers {
  const ours = Object.values(plan.nodes).find((it) => it.side === 'isp' && it.as !== undefined)?.as;
  const customers = plan.customers.map((it) => it.name);
  const parties = Object.keys(plan.people).filter((name) => {
    if (whose === 'staff') return name === String(ours);
    return whose === 'customers' ? customers.includes(name) : /^\d+$/.test(name) && name !== String(ours);
  });
  const all: Record<string, string[]> = {};
  for (const name of parties)
    for (const [node, boxes] of Object.entries(plan.people[name] ?? {})) (all[node] ??= []).push(...boxes);
  return all;
}

/** Every address that was found, with the people who have to get what is written to it. Pure. */
export function addressesTold(mail: MailRule, found: readonly Found[], parts: Part, plan: Plan): Told[] {
  const everybody = typeof mail.readers === 'string' ? readersOf(mail.readers, plan) : mail.readers;
  return found.flatMap(({ path, value }) => {
    const record = mail.party === undefined ? path : recordOf(path, mail.party, parts);
    const party =
      mail.party === undefined
        ? undefined
        : find(parts, [record, mail.party].filter((it) => it !== '').join('.'))[0]?.value;
    const readers = party === undefined ? everybody : (plan.people[plain(party).replace(/^as-?(?=\d)/, '')] ?? {});
    return addressesIn([{ path, value }]).map((address) => ({
      address,
      record,
      readers,
      ...(party === undefined ? {} : { party }),
    }));
  });
}

/** The innermost record above a path that says whose it is. */
function recordOf(path: string, party: string, parts: Part): string {
  const names = path.split('.');
  for (let length = names.length - 1; length >= 0; length--) {
    const record = names.slice(0, length);
    if (find(parts, [...record, party].join('.'))[0]?.value !== undefined) return record.join('.');
  }
  return path;
}

/** Writes to every address and looks who gets it. */
export async function mailTrouble(
  mail: MailRule,
  told: readonly Told[],
  from: string,
  context: ProbeContext,
  evidence: Evidence[],
): Promise<Trouble | undefined> {
  if (told.length === 0) return { broken: 'there is no mail address' };
  const twice =
    mail.distinct === true ? told.find((it, index) => told.slice(0, index).some((one) => isSame(one, it))) : undefined;
  if (twice !== undefined)
    return { broken: `${twice.address} stands there more than once for ${twice.party ?? twice.record}` };
  const addresses = [...new Set(told.map((it) => it.address))];
  const servers = await Promise.all(addresses.map((address) => mailServerOf(address, from, context)));
  const lost = addresses.find((_, index) => servers[index] === undefined);
  if (lost !== undefined) return { broken: `nobody takes mail for ${lost}: its domain has no mail server here` };
  const writings = addresses.map((recipient, index) => ({ from, server: servers[index] ?? '', sender: '', recipient }));
  const word = `m${evidence.length}`;
  const { written, evidence: more } = await writeTo(writings, together(told), {
    ...context,
    nonce: `${context.nonce}${word}`,
    keep: (name, content) => context.keep(`${word}-${name}`, content),
  });
  evidence.push(...more);
  return troubleOf(mail, told, written);
}

function isSame(one: Told, other: Told): boolean {
  return one.record === other.record && one.address.toLowerCase() === other.address.toLowerCase();
}

function together(told: readonly Told[]): Readers {
  const all: Record<string, string[]> = {};
  for (const { readers } of told)
    for (const [node, boxes] of Object.entries(readers)) all[node] = [...new Set([...(all[node] ?? []), ...boxes])];
  return all;
}

/** What of the letters did not get where it has to. Pure. */
export function troubleOf(
  { distinct }: MailRule,
  told: readonly Told[],
  written: readonly Written[],
): Trouble | undefined {
  const read = (it: Told): { one: Written; boxes: string[] }[] =>
    written
      .filter(({ writing }) => writing.recipient === it.address)
      .map((one) => ({ one, boxes: one.readBy.filter((box) => isReader(box, it.readers)) }));
  for (const it of told)
    for (const { one, boxes } of read(it)) {
      if (boxes.length > 0) continue;
      const { letter, left } = one.dialogue;
      if (!left)
        return { undecided: `nobody knows whether ${it.address} takes mail (${letter.family}): ${fateOf(one)}` };
      const whose = it.party === undefined || one.readBy.length === 0 ? '' : `, and not somebody of ${it.party}`;
      return { broken: `${it.address} (${letter.family}): ${fateOf(one)}${whose}` };
    }
  if (distinct !== true) return undefined;
  for (const [index, it] of told.entries())
    for (const other of told.slice(0, index).filter((one) => one.record === it.record)) {
      const boxes = read(other).flatMap((one) => one.boxes);
      const same = read(it)
        .flatMap((one) => one.boxes)
        .find((box) => boxes.includes(box));
      if (same !== undefined)
        return { broken: `${it.address} and ${other.address} are read by the same person, ${same}` };
    }
  return undefined;
}

function isReader(box: string, readers: Readers): boolean {
  const [node = '', mailbox = ''] = box.split(':');
  return readers[node]?.includes(mailbox) ?? false;
}

/** The node that takes mail for an address, as the DNS says; undefined when none of the plan does. */
async function mailServerOf(
  address: string,
  from: string,
  { network, plan, signal }: ProbeContext,
): Promise<string | undefined> {
  const domain = address.slice(address.indexOf('@') + 1);
  const { stdout, exitCode, stderr } = await network
    .node(from)
    .exec(['dig', '+short', '+time=5', '+tries=3', domain, 'MX'], { signal });
  if (exitCode !== 0) throw new LabError('command-failed', `dig on ${from}: ${stderr.trim() || stdout.trim()}`);
  const [best] = stdout
    .split('\n')
    .flatMap((line) => {
      const [, preference, name] = /^(\d+) (\S+)\.$/.exec(line) ?? [];
      return name === undefined ? [] : [{ preference: Number(preference), name: name.toLowerCase() }];
    })
    .toSorted((a, b) => a.preference - b.preference);
  return Object.keys(plan.nodes).find((node) => best !== undefined && plan.nodes[node]?.names.includes(best.name));
}
