import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { classesAmong, describePlace, nodesOfPlaces, PlaceName, placesInReach } from '../model/places.ts';
import type { Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { type Capture, startCapture } from './capture.ts';
import { readCooked, readPacket } from './packet.ts';
import type { Frame } from './pcap.ts';
import { defineProbe, type ProbeContext } from './probe.ts';
import { type Login, type LoginResult, sshCommand, stealKeys, tryLogins } from './ssh/login.ts';

const Kind = z.strictObject({
  label: z.string().describe('Who tries to get in and how, in words a trainee understands'),
  from: z.array(PlaceName).min(1).describe('Where the logins come from: classes of places, and nodes'),
  except: z.array(NodeName).default([]).describe('Nodes of the classes from which it is allowed'),
  to: z
    .array(NodeName)
    .min(1)
    .describe('The machines to get into, each over both address families. A machine does not try itself'),
  user: z.string().describe('The account'),
  inTurn: z
    .boolean()
    .default(false)
    .describe(
      'Each over one family or the other in turn, where many of one kind are tried and none depends on the family',
    ),
  key: z
    .strictObject({
      node: NodeName,
      file: z.string().optional().describe('Without it: every private key that lies below /etc/ssh, /root and /home'),
    })
    .optional()
    .describe('Where the private key lies that is used: as it is there now, whoever uses it'),
  password: z.string().optional().describe('Tries this password, as `password` and as `keyboard-interactive`'),
  options: z
    .array(z.string())
    .default([])
    .describe('Options of the client, such as KexAlgorithms=+diffie-hellman-group1-sha1'),
  forwardTo: z
    .strictObject({ node: NodeName, port: z.number().int().min(1).max(65_535) })
    .optional()
    .describe('Asks to be connected onwards to a server that speaks first, such as port 25 (ssh -W)'),
});
type Kind = z.infer<typeof Kind>;

const Params = z.strictObject({
  logins: z.array(Kind).min(1).describe('The logins that are tried'),
  canaries: z
    .array(Kind)
    .default([])
    .describe('For abuse checks: logins that must work, which proves that SSH is there'),
});
type Params = z.infer<typeof Params>;

export interface PlannedLogin extends Login {
  readonly kind: Kind;
  readonly role: Attempt['role'];
  readonly from: string;
  readonly to: string;
  readonly source: string;
  /** Who tries, in the words of the plan. */
  readonly place: string;
}

/** Tries to get into machines by SSH, as their administrators do and as others would. */
export const sshLogin = defineProbe({
  name: 'ssh-login',
  summary:
    'Tries to get into machines by SSH, and through them to others: by key, by password, with chosen algorithms, from several places, over both address families.',
  params: Params,
  nodes: ({ logins, canaries }, plan) =>
    [...logins, ...canaries].flatMap((it) => [
      ...nodesOfPlaces(plan, it.from).filter((node) => !it.except.includes(node)),
      ...it.to,
      ...(it.key === undefined ? [] : [it.key.node]),
      ...(it.forwardTo === undefined ? [] : [it.forwardTo.node]),
    ]),
  classes: ({ logins, canaries }) => classesAmong([...logins, ...canaries].flatMap((it) => it.from)),
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal, kind } = context;
  const keys = await stolenKeys(params, context);
  const logins = planLogins(params, plan, keys);
  const places = [...new Set(logins.map((it) => it.from))];
  // Where a filter drops everything, only the machine itself can show that somebody was there.
  const captures = new Map<string, Capture>();
  try {
    if (kind === 'abuse')
      await Promise.all(
        [...new Set(logins.map((it) => it.to))].map(async (node) =>
          captures.set(node, await startCapture(network, node, 'any', 'tcp port 22', signal, { snapLength: 128 })),
        ),
      );
    const results = new Map<PlannedLogin, LoginResult>();
    await Promise.all(
      places.map(async (node) => {
        const own = logins.filter((it) => it.from === node);
        const got = await tryLogins(network.node(node), own, signal);
        own.forEach((login, index) => results.set(login, got[index] as LoginResult));
      }),
    );
    const frames = new Map([...captures].map(([node, it]) => [node, it.frames()])); // Throws where one died.
    return {
      attempts: logins.map((it) => attemptOf(it, results.get(it) as LoginResult, frames.get(it.to) ?? [], context)),
      evidence: await keepEvidence(logins, results, context),
    };
  } finally {
    await Promise.all([...captures.values()].map((it) => it.stop()));
  }
}

async function stolenKeys(
  { logins, canaries }: Params,
  { network, signal }: ProbeContext,
): Promise<ReadonlyMap<Kind, readonly string[]>> {
  const wanted = [...logins, ...canaries].filter((it) => it.key !== undefined);
  return new Map(
    await Promise.all(
      wanted.map(async (it) => {
        const { node, file } = it.key as NonNullable<Kind['key']>;
        return [it, await stealKeys(network.node(node), file, signal)] as const;
      }),
    ),
  );
}

/** Every login from every place to every other machine, over each family, with each key. */
export function planLogins(
  { logins, canaries }: Params,
  plan: Plan,
  keys: ReadonlyMap<Kind, readonly string[]>,
): PlannedLogin[] {
  const inRole = (role: Attempt['role'], kind: Kind): PlannedLogin[] => {
    const { user, password, options, forwardTo } = kind;
    const found = keys.get(kind) ?? [];
    const credentials = found.length === 0 ? [{}] : found.map((key) => ({ key }));
    return placesInReach(plan, kind.from)
      .filter(({ node }) => !kind.except.includes(node))
      .flatMap((place) =>
        kind.to
          .filter((to) => to !== place.node)
          .flatMap((to) =>
            addressesOf(plan, to)
              .filter(({ family }) => family === place.family)
              .flatMap(({ family, address }) =>
                credentials
                  .filter((_, turn) => !kind.inTurn || inTurn(family, kind.label.length + kind.to.indexOf(to) + turn))
                  .map((credential) => ({
                    kind,
                    role,
                    from: place.node,
                    source: place.address,
                    place: describePlace(plan, place),
                    to,
                    family,
                    address,
                    user,
                    options,
                    ...credential,
                    ...(password === undefined ? {} : { password }),
                    ...(forwardTo === undefined
                      ? {}
                      : { forward: `${addressesOf(plan, forwardTo.node)[0]?.address}:${forwardTo.port}` }),
                  })),
              ),
          ),
      );
  };
  return [...logins.flatMap((it) => inRole('try', it)), ...canaries.flatMap((it) => inRole('canary', it))];
}

function inTurn(family: Attempt['family'], turn: number): boolean {
  return (turn % 2 === 0) === (family === 'v4');
}

function attemptOf(
  login: PlannedLogin,
  { outcome, said, output }: LoginResult,
  atTarget: readonly Frame[],
  { kind }: ProbeContext,
): Attempt {
  const { role, from, to, place, source, family, address, forward } = login;
  const silence = outcome === 'unreachable' ? readSilence(source, address, atTarget) : undefined;
  const proof =
    outcome === 'closed' || outcome === 'refused' ? 'answered' : silence === 'dropped' ? 'counted' : undefined;
  return {
    label: `${login.kind.label}: ${place} to ${to}`,
    role,
    family,
    from,
    to,
    sent: kind === 'service' || (silence === undefined ? outcome !== 'untried' : silence !== 'unseen'),
    // The name that comes back is said by the machine that was entered; onwards, the greeting of the server there.
    succeeded: outcome === 'entered' && (forward !== undefined || output === to),
    ...(proof === undefined ? {} : { proof }),
    way: `tcp 22 from ${source}`,
    seen: outcome === 'entered' ? `${said}: ${output.split('\n')[0]}` : `${outcome}: ${said}`,
    repeat: sshCommand(from, login, login.kind.key?.file),
  };
}

/** What the machine saw of somebody whom it did not let connect. What came in there has left where it came from. */
export function readSilence(
  source: string,
  address: string,
  frames: readonly Frame[],
): 'unseen' | 'dropped' | 'answered' {
  const passed = frames.flatMap(({ bytes }) => {
    const cooked = readCooked(bytes);
    return cooked === undefined ? [] : (readPacket(cooked.bytes) ?? []);
  });
  if (!passed.some((it) => it.source === source && it.destination === address && it.port === 22)) return 'unseen';
  return passed.some((it) => it.source === address && it.destination === source && it.sourcePort === 22)
    ? 'answered'
    : 'dropped';
}

async function keepEvidence(
  logins: readonly PlannedLogin[],
  results: ReadonlyMap<PlannedLogin, LoginResult>,
  { keep }: ProbeContext,
): Promise<Evidence[]> {
  const lines = logins.map((it) => {
    const { outcome, said } = results.get(it) as LoginResult;
    return `${it.from} ${it.user}@${it.address} (${it.kind.label}): ${outcome}, ${said}`;
  });
  const [shown] = [...logins].toSorted((a, b) => weight(results.get(b)) - weight(results.get(a)));
  const [first] = logins;
  return [
    {
      kind: 'table',
      title: `${lines.length} logins by SSH`,
      file: await keep('ssh-logins.txt', `${lines.join('\n')}\n`),
      command: first === undefined ? '' : sshCommand(first.from, first, first.kind.key?.file),
      excerpt: lines.slice(0, 40).join('\n') + (lines.length > 40 ? `\n… ${lines.length - 40} more lines` : ''),
    },
    {
      kind: 'transcript',
      title: 'What ssh told of each login',
      file: await keep(
        'ssh-transcripts.txt',
        logins.map((it) => `# ${it.from} ${it.user}@${it.address}\n${results.get(it)?.transcript ?? ''}\n`).join('\n'),
      ),
      command: shown === undefined ? '' : sshCommand(shown.from, shown, shown.kind.key?.file),
      excerpt:
        shown === undefined
          ? ''
          : `# ${shown.from} ${shown.user}@${shown.address}\n${results.get(shown)?.transcript ?? ''}`,
    },
  ];
}

/** The login that tells most: one that got in before one that was refused before one that met a closed door. */
function weight(result: LoginResult | undefined): number {
  return result === undefined ? 0 : ['unreachable', 'closed', 'untried', 'refused', 'entered'].indexOf(result.outcome);
}
