import { z } from 'zod';

import type { CommandResult } from '../exec/command.ts';
import { LabError } from '../model/errors.ts';
import { NodeName } from '../model/ids.ts';
import type { Attempt, Evidence, Observation } from '../model/observation.ts';
import { fetchPage } from './document/fetch.ts';
import { fateOf, writeTo } from './mail/write-to.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Params = z.strictObject({
  from: NodeName.describe('The node of the reporter'),
  certificate: z.url().describe('Where the team publishes the certificate for confidential reports (S/MIME)'),
  to: z.email().describe('The address of the team'),
  server: NodeName.describe('The mail server that takes the report'),
  readers: z.record(NodeName, z.array(z.string()).min(1)).describe('Node → mailboxes of the people in the team'),
  atLeast: z.number().int().min(1).default(2).describe('How many of them have to have it'),
  desk: NodeName.describe('The node where the team opens what is encrypted'),
  key: z.string().startsWith('/etc/').describe('The private key there'),
  own: z.string().startsWith('/etc/').describe('The certificate with which it signs there'),
});
type Params = z.infer<typeof Params>;

/** A step of the conversation between a reporter and the team, and why it did not work. */
interface Step {
  readonly label: string;
  readonly at: string;
  /** Nobody answered, so nothing was tried. */
  readonly untried?: boolean;
  readonly trouble: string | undefined;
  readonly told: string;
  readonly command: string;
}

/** A report that only the team can read, and an answer that only the team can have written. */
export const encryptedReport = defineProbe({
  name: 'encrypted-report',
  summary:
    'Reports something in confidence: encrypts to the published certificate, sends it, has the team open it, and verifies the answer that the team signs (S/MIME).',
  params: Params,
  nodes: ({ from, server, desk, readers }) => [from, server, desk, ...Object.keys(readers)],
  observe,
});

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const { from, certificate, desk, key, own, to } = params;
  const { network, signal, nonce, kind } = context;
  const page = await fetchPage(network, { from, family: 'v4', url: certificate }, signal);
  const openssl = (node: string, words: string, input: string): Promise<CommandResult> =>
    run(context, node, `openssl ${words}`, input);
  const secret = `Between us: ${nonce}`;
  const steps: Step[] = [];

  // `openssl cms` reads certificates from files only; /dev/fd/3 is one that nobody has to clear away.
  const sealed = await run(
    context,
    from,
    `exec 3<<'CERTIFICATE'\n${page.body.trim()}\nCERTIFICATE\nopenssl cms -encrypt -aes256 -outform PEM /dev/fd/3`,
    secret,
  );
  steps.push({
    label: 'the certificate that a reporter finds is of no use to him',
    at: from,
    trouble: sealed.exitCode === 0 ? undefined : `${page.status}: ${firstLine(sealed.stderr)}`,
    told: `encrypted to ${certificate}`,
    command: `curl -sk ${certificate} >team.pem; echo secret | openssl cms -encrypt -aes256 -outform PEM team.pem`,
  });

  const evidence: Evidence[] = [];
  if (sealed.exitCode === 0) {
    const writing = { from, server: params.server, sender: '', recipient: to, text: sealed.stdout };
    const post = await writeTo([writing], params.readers, context, { enough: params.atLeast });
    evidence.push(...post.evidence);
    for (const written of post.written)
      steps.push({
        label: `an encrypted report does not get to ${params.atLeast} people (${written.dialogue.letter.family})`,
        at: from,
        untried: ['unreachable', 'silent'].includes(written.dialogue.outcome),
        trouble: written.readBy.length >= params.atLeast ? undefined : fateOf(written),
        told: fateOf(written),
        command: `swaks --server ${params.server} --to ${to}`,
      });
    const opened = await openssl(desk, `cms -decrypt -inform PEM -inkey ${key}`, sealed.stdout);
    steps.push({
      label: 'the team cannot open what is encrypted to its own certificate',
      at: desk,
      trouble: opened.stdout.includes(secret) ? undefined : firstLine(opened.stderr),
      told: 'opened, and it says what was written',
      command: `openssl cms -decrypt -inform PEM -inkey ${key} <report.pem`,
    });
  }

  const answer = `We have your report ${nonce}.`;
  const signed = await openssl(desk, `cms -sign -nodetach -outform PEM -signer ${own} -inkey ${key}`, answer);
  const verified = await run(
    context,
    from,
    `exec 3<<'CERTIFICATE'\n${page.body.trim()}\nCERTIFICATE\nopenssl cms -verify -inform PEM -CAfile /dev/fd/3 -purpose any`,
    signed.stdout,
  );
  steps.push({
    label: 'the reporter cannot tell whether an answer is from the team',
    at: from,
    trouble:
      verified.exitCode === 0 && verified.stdout.includes(answer)
        ? undefined
        : firstLine(signed.stderr || verified.stderr),
    told: 'signed at the desk, verified with the published certificate',
    command: 'openssl cms -verify -inform PEM -CAfile team.pem -purpose any <answer.pem',
  });

  return {
    attempts: steps.map((step) => attemptOf(step, params, kind, page.status > 0)),
    evidence: [await stepsEvidence(steps, context), ...evidence],
  };
}

/** @throws LabError when there is no openssl: then nobody has tried anything */
async function run(
  { network, signal }: ProbeContext,
  node: string,
  script: string,
  input: string,
): Promise<CommandResult> {
  const result = await network.node(node).exec(['sh', '-c', script], { input, signal });
  if (result.exitCode === 127) throw new LabError('command-failed', `openssl on ${node}: ${result.stderr.trim()}`);
  return result;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

function attemptOf(
  { label, at, untried = false, trouble, told, command }: Step,
  { to }: Params,
  kind: ProbeContext['kind'],
  answered: boolean,
): Attempt {
  return {
    label,
    role: 'try',
    from: at,
    to,
    sent: kind === 'service' || (answered && !untried),
    succeeded: kind !== 'service' ? trouble !== undefined : trouble === undefined,
    seen: trouble ?? told,
    repeat: `breakwater exec ${at} -- sh -c '${command}'`,
  };
}

async function stepsEvidence(steps: readonly Step[], { keep }: ProbeContext): Promise<Evidence> {
  const text = steps.map(({ at, command, trouble, told }) => `${at}# ${command}\n${trouble ?? told}`).join('\n\n');
  return {
    kind: 'transcript',
    title: 'The conversation, step by step',
    file: await keep('conversation.txt', `${text}\n`),
    command: '',
    excerpt: text,
  };
}
