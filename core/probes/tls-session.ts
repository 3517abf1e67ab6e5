import { z } from 'zod';

import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { addressOf, type Family, type Plan } from '../model/plan.ts';
import { addressesOf } from './addresses-of.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const versions = { tls1: 'TLSv1', tls1_1: 'TLSv1.1', tls1_2: 'TLSv1.2', tls1_3: 'TLSv1.3' } as const;

const Method = z.strictObject({
  label: z.string().describe('What the client speaks, in words a trainee understands'),
  version: z.enum(['tls1', 'tls1_1', 'tls1_2', 'tls1_3']).describe('The only version that the client offers'),
  ciphers: z
    .string()
    .regex(/^[\w:!+@=-]+$/)
    .optional()
    .describe('The only ciphers that it offers (openssl-ciphers(1)), up to TLS 1.2; the usual ones when left out'),
});

const Params = z.strictObject({
  from: NodeName.describe('Where the sessions come from'),
  services: z
    .array(
      z.strictObject({
        node: NodeName,
        port: z.number().int().min(1).max(65_535),
        starttls: z.enum(['smtp', 'imap', 'pop3']).optional().describe('Begins in the clear, and asks for TLS'),
      }),
    )
    .min(1)
    .describe('The services that are called, over both address families'),
  methods: z.array(Method).min(1).describe('What is tried at each of them'),
  canaries: z.array(Method).default([]).describe('For abuse checks: what has to work at each of them'),
});
type Params = z.infer<typeof Params>;

export interface PlannedSession {
  readonly method: z.infer<typeof Method>;
  readonly service: Params['services'][number];
  readonly role: Attempt['role'];
  readonly family: Family;
  readonly address: string;
}

/** What openssl told of a session. */
export interface Handshake {
  /** The service was reached, and our client had something to offer. */
  readonly offered: boolean;
  readonly version?: string;
  readonly cipher?: string;
  readonly said: string;
  /** The server itself refused, by an alert of its own. */
  readonly refused: boolean;
}

/** Opens TLS sessions with chosen versions and ciphers. */
export const tlsSession = defineProbe({
  name: 'tls-session',
  summary: 'Opens TLS sessions with chosen versions and ciphers, at once or by STARTTLS, over both address families.',
  params: Params,
  nodes: ({ from, services }) => [from, ...services.map((it) => it.node)],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { network, plan, signal } = context;
  const sessions = planSessions(params, plan);
  // One after the other at each service, side by side at all of them: a brake for strangers must not decide.
  const doors = [...new Set(sessions.map((it) => `${it.address} ${it.service.port}`))];
  const script = doors.map((door) => {
    const own = sessions.filter((it) => `${it.address} ${it.service.port}` === door);
    const calls = own.map((it) => {
      const index = sessions.indexOf(it);
      return `{ timeout ${patienceSeconds} ${opensslCommand(it)} </dev/null 2>&1; echo "exit code $?"; } | tr '\\0' ' ' | sed 's/^/${index} /'`;
    });
    return `{ ${calls.join('\n')}\n} >"$folder/${doors.indexOf(door)}" &`;
  });
  const { exitCode, stdout, stderr } = await network
    .node(params.from)
    .exec(
      [
        'sh',
        '-c',
        `command -v openssl >/dev/null || exit 127; folder=$(mktemp -d); ${script.join('\n')}\nwait; cat "$folder"/*; rm -r "$folder"`,
      ],
      {
        signal,
      },
    );
  if (exitCode !== 0)
    throw new LabError('command-failed', `openssl on ${params.from}: ${stderr.trim() || `exit code ${exitCode}`}`);
  const attempts = sessions.map((it, index) => attemptOf(it, readHandshake(linesOf(stdout, index)), params, context));
  return { attempts, evidence: await keepEvidence(sessions, stdout, attempts, params, context) };
}

/** An honest server under load may take its time; timeout(1) says with 124 that it took more. */
const patienceSeconds = 10;

/** Every method at every service over each family that both ends have; canaries last. */
export function planSessions({ from, services, methods, canaries }: Params, plan: Plan): PlannedSession[] {
  const wanted = [
    ...methods.map((method) => ({ method, role: 'try' as const })),
    ...canaries.map((method) => ({ method, role: 'canary' as const })),
  ];
  return wanted.flatMap((it) =>
    services.flatMap((service) =>
      addressesOf(plan, service.node)
        .filter(({ family }) => addressOf(plan, from, family) !== undefined)
        .map(({ family, address }) => ({ ...it, service, family, address })),
    ),
  );
}

/** Security level 0: our client offers even what its own distribution has forbidden it (SSL_CTX_set_security_level(3)). */
function opensslCommand({
  method: { version, ciphers },
  service: { port, starttls },
  address,
  family,
}: PlannedSession): string {
  const host = family === 'v6' ? `[${address}]` : address;
  return [
    `openssl s_client -connect '${host}:${port}' -${version}`,
    ...(version === 'tls1_3' ? [] : [`-cipher '${ciphers ?? 'ALL'}:@SECLEVEL=0'`]),
    ...(starttls === undefined ? [] : [`-starttls ${starttls}`]),
  ].join(' ');
}

/** Reads `New, TLSv1.2, Cipher is ECDHE-…`; `(NONE)` when nothing was agreed on. */
export function readHandshake(text: string): Handshake {
  const version = /^\s*Protocol\s*: (\S+)/m.exec(text)?.[1] ?? /^New, (TLSv[\d.]+), Cipher is/m.exec(text)?.[1];
  const cipher = /^New, .*Cipher is (\S+)/m.exec(text)?.[1];
  const complaint =
    /:(error:.*|.*alert .*)$/m.exec(text)?.[0] ??
    /(?:connect|BIO_connect).*(?:refused|error|timed out).*/i.exec(text)?.[0];
  const agreed = cipher !== undefined && cipher !== '(NONE)' && cipher !== '0000';
  return {
    offered:
      text.includes('CONNECTED(') &&
      !/^exit code 124$/m.test(text) &&
      !/no ciphers available|no protocols available|no cipher match/.test(text),
    ...(agreed ? { version, cipher } : {}),
    // `SSL alert number 70` is told of what came in (SSL_alert_desc_string(3)).
    refused: !agreed && /SSL alert number \d+/.test(text),
    said: agreed ? `agreed on ${version} with ${cipher}` : `refused: ${shorten(complaint) || 'nothing was agreed on'}`,
  };
}

/** `…:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:../ssl/…` → `tlsv1 alert protocol version` */
function shorten(complaint = ''): string {
  return complaint.split(':').find((it) => /alert|refused|timed out|unsupported|wrong|eof/i.test(it)) ?? complaint;
}

function linesOf(stdout: string, index: number): string {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith(`${index} `))
    .map((line) => line.slice(`${index} `.length))
    .join('\n');
}

function attemptOf(session: PlannedSession, handshake: Handshake, { from }: Params, { kind }: ProbeContext): Attempt {
  const { method, service, role, family, address } = session;
  return {
    label: `${method.label} at port ${service.port} of ${service.node}`,
    role,
    family,
    from,
    to: service.node,
    sent: kind === 'service' || handshake.offered,
    succeeded: handshake.version === versions[method.version],
    proof: handshake.refused ? 'answered' : 'canary',
    way: `port ${service.port} of ${service.node}`,
    seen: `${address} port ${service.port} ${handshake.said}`,
    repeat: `breakwater exec ${from} -- ${opensslCommand(session)}`,
  };
}

async function keepEvidence(
  sessions: readonly PlannedSession[],
  stdout: string,
  attempts: readonly Attempt[],
  { from }: Params,
  { keep }: ProbeContext,
): Promise<Evidence[]> {
  const lines = attempts.map((it) => `${it.label}: ${it.seen}`);
  const [first] = sessions;
  return [
    {
      kind: 'table',
      title: `${lines.length} TLS sessions`,
      file: await keep('tls-sessions.txt', `${lines.join('\n')}\n\n${stdout}`),
      command: first === undefined ? '' : `breakwater exec ${from} -- ${opensslCommand(first)}`,
      excerpt: lines.slice(0, 40).join('\n') + (lines.length > 40 ? `\n… ${lines.length - 40} more lines` : ''),
    },
  ];
}
