import type { Attempt } from '../../model/observation.ts';
import type { Place, PlaceName } from '../../model/places.ts';
import { addressOf, type Family, type Plan } from '../../model/plan.ts';
import { addressesOf } from '../addresses-of.ts';
import { callersOf, heloOf, postmasterAt } from './correspondent.ts';
import type { Letter } from './letter.ts';
import { backscatterForms, backupForms, type RelayForm, relayForms } from './relay-forms.ts';

/** What is asked of a server that must not relay. */
export interface Battery {
  readonly server: string;
  readonly domain: string;
  readonly alsoDomains: readonly string[];
  readonly namesUs: readonly string[];
  readonly from: readonly PlaceName[];
  readonly alsoFrom: readonly PlaceName[];
  readonly except: readonly string[];
  readonly users: Readonly<Record<string, string>>;
  readonly forms: 'all' | 'plain';
  readonly ports: readonly number[];
  readonly sink: string;
  readonly victim: string;
  readonly canary: string;
  readonly canaryBy?: string | undefined;
}

export interface PlannedLetter extends Letter {
  readonly label: string;
  readonly role: Attempt['role'];
  /** The node where the letter has its effect. */
  readonly arrivesAt: string;
}

type Draft = Omit<PlannedLetter, 'token'>;

/** Refusals that one connection has to stand: fewer than those after which servers begin to brake. */
const refusalsEach = 8;

/**
 * Every form from one place of `from` on every port, the plain ones from each other place, over every
 * family of the server; and from each class and node one letter that is welcome.
 */
export function planLetters(battery: Battery, plan: Plan, nonce: string): PlannedLetter[] {
  const drafts = addressesOf(plan, battery.server).flatMap(({ family }) => [
    ...tries(battery, plan, family),
    ...canaries(battery, plan, family),
  ]);
  return drafts.map((letter, index) => ({
    ...letter,
    sender: letter.sender.replace('NONCE', nonce),
    token: `${nonce}-${index}`,
  }));
}

/** The nodes from which a battery is sent. */
export function attackersOf({ from, alsoFrom, except, server }: Battery, plan: Plan): string[] {
  const places = callersOf(plan, [...from, ...alsoFrom], [...except, server]);
  return [...new Set(places.map((it) => it.node))];
}

/** Whoever is meant to attack comes first: the whole battery is theirs. */
function placesIn(battery: Battery, names: readonly PlaceName[], plan: Plan, family: Family): Place[] {
  const { server, except } = battery;
  return callersOf(plan, names, [...except, server])
    .filter((it) => it.family === family)
    .toSorted((a, b) => Number(plan.nodes[b.node]?.attacker ?? false) - Number(plan.nodes[a.node]?.attacker ?? false));
}

function tries(battery: Battery, plan: Plan, family: Family): Draft[] {
  const plain = relayForms.filter((form) => form.plain);
  const all = [...relayForms, ...backupForms(battery.namesUs), ...backscatterForms(battery.alsoDomains)];
  const [first, ...others] = placesIn(battery, battery.from, plan, family);
  const elsewhere = [...others, ...placesIn(battery, battery.alsoFrom, plan, family)];
  return [
    ...battery.ports.flatMap((port) =>
      [
        ...(first === undefined ? [] : [{ place: first, forms: battery.forms === 'all' ? all : plain }]),
        ...elsewhere.map((place) => ({ place, forms: plain })),
      ].flatMap(({ place, forms }) => inSessions(forms.map((form) => draft(form, place, battery, plan, port)))),
    ),
    ...(first === undefined ? [] : withLogins(first, battery, plan)),
  ];
}

/** Whoever logs in where nobody has to is trusted, or not: with TLS and without. */
function withLogins(place: Place, battery: Battery, plan: Plan): Draft[] {
  const [stranger] = relayForms;
  const [port = 25] = battery.ports;
  if (stranger === undefined) return [];
  return Object.entries(battery.users).flatMap(([user, password]) =>
    [true, false].map((inClear) => ({
      ...draft(stranger, place, battery, plan, port),
      label: `${user} logs in ${inClear ? 'without' : 'with'} TLS and writes to a stranger, from ${place.node}`,
      sender: `${user}@${battery.domain}`,
      login: { user, password },
      inClear,
    })),
  );
}

/** Several letters over one connection, as long as they greet alike. */
function inSessions(drafts: readonly Draft[]): Draft[] {
  const refusals = new Map<string, number>();
  return drafts.map((letter) => {
    const { source, port, helo, alsoTo = [] } = letter;
    const caller = `${source} ${port} ${helo}`;
    const before = refusals.get(caller) ?? 0;
    const after = before + 1 + alsoTo.length;
    // A session that would become too long is left behind.
    const begun = Math.floor(before / refusalsEach);
    const session = Math.floor((after - 1) / refusalsEach) === begun ? begun : begun + 1;
    refusals.set(caller, session === begun ? after : session * refusalsEach + 1 + alsoTo.length);
    return { ...letter, session: `${caller} ${session}` };
  });
}

function draft(form: RelayForm, place: Place, battery: Battery, plan: Plan, port: number): Draft {
  const { server, domain, sink, victim, canary } = battery;
  const { family } = place;
  const base = envelope(place, server, plan);
  const said = form.say({
    ...base,
    domain,
    family,
    serverName: heloOf(plan, server),
    insider: canary,
    victim,
    victimHost: addressOf(plan, sink, family) ?? '',
  });
  const [recipient, ...alsoTo] = said.recipients;
  return {
    ...base,
    ...(said.helo === undefined ? {} : { helo: said.helo }),
    ...(said.sender === undefined ? {} : { sender: said.sender }),
    recipient,
    ...(alsoTo.length === 0 ? {} : { alsoTo }),
    label: `${form.label}, from ${place.node} at ${place.address}${port === 25 ? '' : ` on port ${port}`}`,
    role: 'try',
    server,
    family,
    port,
    arrivesAt: sink,
    ...(port === 25 ? { inClear: true } : {}),
  };
}

/** What everybody may do: write to a mailbox of ours, and to the third party directly. */
function canaries(battery: Battery, plan: Plan, family: Family): Draft[] {
  const { server, sink, canary, victim, from, alsoFrom, canaryBy = server } = battery;
  const callers = [...from, ...alsoFrom].flatMap((name) => placesIn(battery, [name], plan, family)[0] ?? []);
  const letter = (place: Place, by: string): Omit<Draft, 'label' | 'recipient' | 'arrivesAt'> => ({
    ...envelope(place, by, plan),
    role: 'canary',
    server: by,
    family,
    port: 25,
    inClear: true,
  });
  const [first] = callers;
  return [
    ...callers.map((place) => ({
      ...letter(place, canaryBy),
      label: `mail from ${place.node} for a mailbox of ours`,
      recipient: canary,
      arrivesAt: server,
    })),
    ...(first === undefined || addressOf(plan, sink, family) === undefined
      ? []
      : [
          {
            ...letter(first, sink),
            label: 'mail straight to the third party',
            recipient: victim,
            arrivesAt: sink,
          },
        ]),
  ];
}

function envelope(
  place: Place,
  server: string,
  plan: Plan,
): Pick<Letter, 'from' | 'source' | 'host' | 'helo' | 'sender'> {
  return {
    from: place.node,
    source: place.address,
    host: addressOf(plan, server, place.family) ?? '',
    helo: heloOf(plan, place.node),
    sender: postmasterAt(plan, place),
  };
}
