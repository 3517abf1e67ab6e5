import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { Network } from '../runtime/runtime.ts';
import { addressesOf } from './addresses-of.ts';
import { pollUntil } from './capture.ts';
import { type HeldDialogue, holdDialogues } from './mail/dialogue.ts';
import { transcriptEvidence } from './mail/evidence.ts';
import type { Letter } from './mail/letter.ts';
import { tieRemoval } from './mail/trace.ts';
import { defineProbe, type ProbeContext } from './probe.ts';
import { askWhois, readObjects, valuesOf, whoisCommand } from './registry/whois.ts';

const journal = '/var/lib/registry/journal';
const log = '/var/log/registry.log';

const Update = z.strictObject({
  label: z.string().describe('Who wants to change what, in words a trainee understands'),
  from: NodeName.describe('The node that sends it'),
  sender: z.email().describe('From: of the mail, which anybody may write'),
  object: z.string().describe('The object as it is to be (RPSL). A remark is added, by which it is found again'),
  key: z.string().optional().describe('File of the OpenPGP key on `from` that signs it'),
  password: z.string().optional().describe('Goes along in a line `password:`'),
  changed: z
    .tuple([z.string(), z.string()])
    .optional()
    .describe('A word of the message, and what stands there after it was signed'),
});
type Update = z.infer<typeof Update>;

const Params = z.strictObject({
  registry: NodeName.describe('The node with the registry, its whois and its update robot'),
  robot: z.email().describe('The address that takes updates'),
  updates: z.array(Update).min(1).describe('Updates that have to be accepted; in an abuse check, refused'),
  canaries: z.array(Update).default([]).describe('For abuse checks: updates that somebody may make'),
});
type Params = z.infer<typeof Params>;

interface PlannedUpdate {
  readonly update: Update;
  readonly role: Attempt['role'];
  readonly token: string;
  readonly letter: Letter;
}

/** Sends updates to a registry and looks what of them everybody is told afterwards. */
export const registryUpdate = defineProbe({
  name: 'registry-update',
  summary:
    'Sends updates to a routing registry by mail, forged, with a password or signed, and looks by whois whether they are in the registry.',
  params: Params,
  // An update that gets through may change who may do what.
  exclusive: true,
  nodes: ({ registry, updates, canaries }) => [registry, ...[...updates, ...canaries].map((it) => it.from)],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, nonce, signal } = context;
  const { registry } = params;
  const forget = `grep -ls ${nonce} ${journal}/* | xargs -r rm --`;
  const release = await tieRemoval(network, [registry], nonce, forget);
  try {
    const planned = await signUpdates(network, planUpdates(params, plan, nonce), signal);
    const dialogues = await holdDialogues(
      context,
      planned.map((it) => it.letter),
    );
    const taken = planned.filter((_, index) => dialogues[index]?.outcome === 'accepted');
    const lines = await awaitDecisions(network, registry, nonce, taken, signal);
    const seen = await lookUp(network, planned, signal);
    return {
      attempts: planned.map((it, index) =>
        attemptOf(it, dialogues[index] as HeldDialogue, lines.get(it.token), seen.get(it.token), params, context),
      ),
      evidence: [
        await logEvidence(registry, [...lines.values()], context),
        await transcriptEvidence(dialogues, context),
      ],
    };
  } finally {
    await release();
  }
}

/** Every update once over each family of the registry, with a token of its own. */
export function planUpdates(
  { registry, robot, updates, canaries }: Params,
  plan: Plan,
  nonce: string,
): PlannedUpdate[] {
  return [
    ...updates.map((update) => ({ update, role: 'try' as const })),
    ...canaries.map((update) => ({ update, role: 'canary' as const })),
  ]
    .flatMap((it) => addressesOf(plan, registry).map((at) => ({ ...it, ...at })))
    .map(({ update, role, family, address }, index) => {
      const { from, sender } = update;
      const token = `${nonce}-${index}`;
      const helo = plan.nodes[from]?.names[0] ?? `${from}.invalid`;
      const letter = { token, from, server: registry, family, host: address, port: 25, helo, sender, recipient: robot };
      return { update, role, token, letter: { ...letter, message: composeUpdate(update, robot, token) } };
    });
}

function composeUpdate({ sender, object, password }: Update, robot: string, token: string): string {
  return [
    `From: <${sender}>`,
    `To: <${robot}>`,
    `Subject: update ${token}`,
    `Message-Id: <${token}@breakwater.example>`,
    '',
    ...(password === undefined ? [] : [`password: ${password}`]),
    object.trim(),
    `remarks: ${token}`,
    '',
  ].join('\n');
}

/** Has every update signed that has a key, on the node that sends it, all of one node in one program. */
async function signUpdates(
  network: Network,
  planned: readonly PlannedUpdate[],
  signal: AbortSignal,
): Promise<PlannedUpdate[]> {
  const bodies = new Map<PlannedUpdate, string>();
  const nodes = new Set(planned.filter((it) => it.update.key !== undefined).map((it) => it.update.from));
  await Promise.all(
    [...nodes].map(async (node) => {
      const own = planned.filter((it) => it.update.from === node && it.update.key !== undefined);
      const input = JSON.stringify(own.map((it) => ({ key: it.update.key, text: bodyOf(it) })));
      const tool = '/usr/lib/breakwater/attacks/sign-messages';
      const { stdout, stderr, exitCode } = await network.node(node).exec([tool], { input, signal });
      if (exitCode !== 0) throw new LabError('command-failed', `sign-messages on ${node}: ${stderr.trim()}`);
      const signed = z.array(z.string()).length(own.length).parse(JSON.parse(stdout));
      own.forEach((it, index) => bodies.set(it, signed[index] as string));
    }),
  );
  return planned.map((it) => {
    const [word, instead] = it.update.changed ?? ['', ''];
    const message = `${headOf(it)}\n\n${(bodies.get(it) ?? bodyOf(it)).replace(word, instead)}`;
    return { ...it, letter: { ...it.letter, message: message.replaceAll('\n', '\r\n') } };
  });
}

function headOf({ letter }: PlannedUpdate): string {
  return letter.message?.split('\n\n')[0] ?? '';
}

function bodyOf(planned: PlannedUpdate): string {
  return planned.letter.message?.slice(headOf(planned).length + 2) ?? '';
}

/** Token → the line in which the registry says what it did, for all that it has taken; at most 30 s. */
async function awaitDecisions(
  network: Network,
  registry: string,
  nonce: string,
  taken: readonly PlannedUpdate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  let lines = new Map<string, string>();
  await pollUntil(async () => {
    const { stdout } = await network.node(registry).exec(['grep', '-F', nonce, log], { signal });
    lines = new Map(
      stdout.split('\n').flatMap((line) => {
        const token = /<([\w-]+)@breakwater\.example>/.exec(line)?.[1];
        return token === undefined ? [] : [[token, line]];
      }),
    );
    return taken.every((it) => lines.has(it.token));
  }, 30_000);
  return lines;
}

/** Token → what whois tells of the update, asked over the family by which it was sent. */
async function lookUp(
  network: Network,
  planned: readonly PlannedUpdate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string | undefined>> {
  const places = new Map(planned.map(({ letter }) => [`${letter.from} ${letter.host}`, letter]));
  const answers = await Promise.all(
    [...places.values()].map(async ({ from, host }) => {
      const own = planned.filter(({ letter }) => letter.from === from && letter.host === host);
      const told = await askWhois(
        network.node(from),
        host,
        own.map(({ token }) => questionFor(token)),
        signal,
      );
      return own.map(({ token }, index) => [token, told[index]] as const);
    }),
  );
  return new Map(answers.flat());
}

/** Also versions that a later update has replaced: several tries may be about one object. */
function questionFor(token: string): string {
  return `--all-versions -i remarks ${token}`;
}

function attemptOf(
  { update, role, token, letter }: PlannedUpdate,
  { outcome, reply }: HeldDialogue,
  decision: string | undefined,
  answer: string | undefined,
  { registry }: Params,
  { kind }: ProbeContext,
): Attempt {
  const found = readObjects(answer ?? '').find((it) => valuesOf(it, 'remarks').includes(token));
  const told = decision?.replace(/^\S+ /, '').replace(/ \(from .*$/, '');
  return {
    label: update.label,
    role,
    family: letter.family,
    from: update.from,
    to: `${letter.recipient} by ${letter.host}`,
    // A refusal is seen when the registry has decided, and whois answers.
    sent: kind === 'service' || (answer !== undefined && (decision !== undefined || isRefusal(outcome))),
    succeeded: found !== undefined,
    // The registry's own log says what became of it, or its mail server did not take it.
    proof: decision !== undefined ? 'counted' : isRefusal(outcome) ? 'answered' : 'canary',
    way: update.key === undefined ? 'unsigned' : 'signed',
    seen: [
      told === undefined ? `${outcome}: ${reply}` : `the registry ${told}`,
      answer === undefined ? 'whois does not answer' : found === undefined ? 'whois does not have it' : 'whois has it',
    ].join('; '),
    repeat: `${whoisCommand(update.from, letter.host, questionFor(token))}   # then: breakwater exec ${registry} -- tail ${log}`,
  };
}

function isRefusal(outcome: HeldDialogue['outcome']): boolean {
  return outcome === 'refused' || outcome === 'closed';
}

async function logEvidence(registry: string, lines: readonly string[], { keep }: ProbeContext): Promise<Evidence> {
  const text = lines.length === 0 ? '(no update of this run)' : lines.join('\n');
  return {
    kind: 'log',
    title: `What ${registry} did with ${lines.length} updates`,
    file: await keep('registry-log.txt', `${text}\n`),
    command: `breakwater exec ${registry} -- tail ${log}`,
    excerpt: text.split('\n').slice(0, 40).join('\n'),
  };
}
