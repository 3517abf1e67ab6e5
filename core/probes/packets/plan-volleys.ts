import { type Draws, pick } from '../../model/draws.ts';
import { placesOf } from '../../model/places.ts';
import { familyOf, type Plan } from '../../model/plan.ts';
import type { Kinds, PacketKind } from './kinds.ts';
import { type Names, namesOfOthers, namesOfReceiver, ownNames } from './names.ts';
import { addressesOfNode, type CustomerPort, type Exit, exitOf } from './ports.ts';
import type { Sender } from './senders.ts';
import { type Target, type TargetClass, targetsOf } from './targets.ts';
import type { PlannedPacket } from './volley.ts';

/** Whose names stand on the packets. */
export const nameClasses = ['others', 'receiver', 'own', 'anybody'] as const;
export type NameClass = (typeof nameClasses)[number];

export interface VolleyRequest {
  readonly to: readonly TargetClass[];
  readonly names: NameClass;
  readonly kinds: Kinds;
  /** Where canaries go when not to the targets themselves. */
  readonly canaryTo?: readonly TargetClass[];
  /** No canaries: the tries themselves are what has to get through. */
  readonly legitimate: boolean;
  readonly nonce: string;
  readonly draws: Draws;
}

/** What a sender sends by one exit. */
export interface Volley {
  readonly from: string;
  readonly exit: Exit;
  readonly packets: readonly PlannedPacket[];
}

/** Sources that each trusted port is tried with, where they are forged: what lets one of them in lets in most. */
const perPort = 2;

/**
 * Every source with every form of packet, so that each form goes to every target, and each source too; and
 * each trusted port with a few of the sources. Canaries leave last, in the sender's own name: the path keeps
 * the order, so when they are in, whatever else got through is in too.
 */
export function planVolleys(plan: Plan, sender: Sender, request: VolleyRequest): Volley[] {
  const { draws, kinds, nonce } = request;
  let made = 0;
  const make: Make = (role, whose, source, destination, kind) => {
    made += 1;
    return {
      role,
      from: sender.node,
      family: familyOf(source),
      whose,
      source,
      destination,
      kind,
      port: kind.port ?? 20_000 + draws.below(12_000),
      sourcePort: kind.sourcePort ?? 33_000 + draws.below(27_000),
      marker: `${nonce}-${sender.node}.${made};`,
    };
  };
  const targets = targetsOf(plan, sender, request.to, draws);
  const canaryTargets = request.canaryTo === undefined ? targets : targetsOf(plan, sender, request.canaryTo, draws);
  const own = addressesOfNode(plan, sender.node);
  const canaries = (towards: string): PlannedPacket[] =>
    (['v4', 'v6'] as const).flatMap((family) => {
      const source = own.find((it) => familyOf(it) === family);
      const target = canaryTargets.findLast((it) => it.towards === towards && familyOf(it.address) === family);
      return source === undefined || target === undefined
        ? []
        : [1, 2, 3].map(() => make('canary', 'itself', source, target.address, kinds.canary));
    });
  // Drawn once for each receiver, and the same over both families.
  const known = new Map<CustomerPort | undefined, readonly Source[]>();
  const sources: Sources = (receiver) => {
    const drawn = known.get(receiver) ?? sourcesOf(plan, sender, receiver, request.names, draws);
    known.set(receiver, drawn);
    return drawn;
  };
  return [...grouped(targets, (it) => it.towards)].map(([towards, those]) => ({
    from: sender.node,
    exit: exitOf(plan, sender.node, towards),
    packets: [
      ...(['v4', 'v6'] as const).flatMap((family) =>
        packetsTo(
          those.filter((it) => familyOf(it.address) === family),
          sources,
          request,
          make,
        ),
      ),
      ...(request.legitimate ? [] : canaries(towards)),
    ],
  }));
}

type Make = (
  role: PlannedPacket['role'],
  whose: string,
  source: string,
  destination: string,
  kind: PacketKind,
) => PlannedPacket;

interface Source {
  readonly whose: string;
  readonly address: string;
}

type Sources = (receiver: CustomerPort | undefined) => readonly Source[];

/** All of one family. Whoever impersonates the receiver has other names for each. */
function packetsTo(
  targets: readonly Target[],
  sourcesFor: Sources,
  request: VolleyRequest,
  make: Make,
): PlannedPacket[] {
  const { names, kinds, draws } = request;
  const receivers =
    names === 'receiver' ? grouped(targets, (it) => it.receiver?.customer) : ([['all', targets]] as const);
  return [...receivers].flatMap(([, those]) => {
    const [first] = those;
    if (first === undefined) return [];
    const sources = sourcesFor(names === 'receiver' ? first.receiver : undefined).filter(
      (it) => familyOf(it.address) === familyOf(first.address),
    );
    if (sources.length === 0) return [];
    const turned = draws.below(those.length);
    // Enough that no source and no target is left out.
    const rounds = Math.max(sources.length, Math.ceil(those.length / kinds.forms.length));
    const everyForm = Array.from({ length: rounds }, (_, round) =>
      kinds.forms.map((kind, turn) => {
        const { whose, address } = inTurn(sources, round);
        return make('try', whose, address, inTurn(those, round + turn + turned).address, kind);
      }),
    ).flat();
    const everyPort = kinds.ports.flatMap((kind) =>
      Array.from({ length: request.legitimate ? 1 : perPort }, () => {
        const { whose, address } = pick(draws, sources);
        return make('try', whose, address, pick(draws, those).address, kind);
      }),
    );
    // A packet from an address to itself: land, the plainest form of the receiver's own name.
    const land =
      names === 'receiver'
        ? those.flatMap(({ address }) =>
            kinds.forms.slice(0, 3).map((kind) => make('try', 'the receiver', address, address, kind)),
          )
        : [];
    return [...everyForm, ...everyPort, ...land];
  });
}

function sourcesOf(
  plan: Plan,
  sender: Sender,
  receiver: CustomerPort | undefined,
  names: NameClass,
  draws: Draws,
): Source[] {
  return namesOf(plan, sender, receiver, names, draws).flatMap(({ whose, addresses }) =>
    addresses.map((address) => ({ whose, address })),
  );
}

function namesOf(
  plan: Plan,
  { node, edge, port, lan }: Sender,
  receiver: CustomerPort | undefined,
  names: NameClass,
  draws: Draws,
): Names[] {
  const own = addressesOfNode(plan, node);
  switch (names) {
    case 'others':
      return namesOfOthers(
        plan,
        {
          ...(port === undefined ? {} : { customer: port.customer }),
          owns: (address) => (lan === undefined ? port?.owns(address) === true : own.includes(address)),
          edge,
          blocks: port?.blocks ?? [],
          ...(lan === undefined ? {} : { lan }),
        },
        draws,
      );
    case 'own':
      return port === undefined || lan !== undefined ? [{ whose: 'itself', addresses: own }] : ownNames(port, draws);
    case 'receiver':
      return receiver === undefined ? [] : namesOfReceiver(receiver, draws);
    case 'anybody':
      return [
        { whose: 'itself', addresses: own },
        { whose: 'a victim', addresses: placesOf(plan, ['strangers', 'servers']).map((it) => it.address) },
      ];
  }
}

function inTurn<Item>(list: readonly Item[], turn: number): Item {
  return list[turn % list.length] as Item;
}

function grouped<Item, Key>(list: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
