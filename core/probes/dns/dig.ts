import { parse } from 'yaml';
import { z } from 'zod';

import { LabError } from '../../model/errors.ts';
import type { Node } from '../../runtime/runtime.ts';

/** One question to one server, as dig asks it. */
export interface Question {
  readonly server: string;
  readonly name: string;
  readonly type: string;
  readonly transport: 'udp' | 'tcp';
  /** Asks for recursion (RD). */
  readonly recurse: boolean;
  /** `hmac-sha256:name:secret`, to sign with (RFC 8945). */
  readonly key?: string;
}

/** What came back; undefined when nothing did. */
export interface Answer {
  /** NOERROR, NXDOMAIN, REFUSED … */
  readonly status: string;
  /** qr, aa, rd, ra, tc … */
  readonly flags: readonly string[];
  /** Records in presentation format. A zone transfer of several messages is put together. */
  readonly answer: readonly string[];
  readonly authority: readonly string[];
}

/** How long dig waits for an answer. */
const patienceSeconds = 3;

/**
 * Asks from a node and returns the answers in the order of the questions. One dig asks everything that
 * goes to the same server by the same transport, since starting it costs more than asking; the digs
 * run side by side.
 */
export async function askQuestions(
  node: Node,
  questions: readonly Question[],
  signal: AbortSignal,
): Promise<readonly (Answer | undefined)[]> {
  const answers = new Map<Question, Answer | undefined>();
  await Promise.all(
    groupQuestions(questions).map(async (group) => {
      const argv = digArguments(group);
      const { stdout, stderr, exitCode } = await node.exec(argv, { signal });
      // 9: no reply from a server, which is a result (dig(1), return codes).
      if (exitCode !== 0 && exitCode !== 9)
        throw new LabError('command-failed', `exit code ${exitCode}: ${argv.join(' ')}\n${stderr.trim()}`);
      readDig(stdout, group).forEach((answer, index) => answers.set(group[index] as Question, answer));
    }),
  );
  return questions.map((question) => answers.get(question));
}

function groupQuestions(questions: readonly Question[]): Question[][] {
  const groups = new Map<string, Question[]>();
  for (const question of questions) {
    const { server, transport, key } = question;
    const destination = JSON.stringify([server, transport, key]);
    groups.set(destination, [...(groups.get(destination) ?? []), question]);
  }
  return [...groups.values()];
}

function digArguments(group: readonly Question[]): string[] {
  const [first] = group;
  const limits = [`+time=${patienceSeconds}`, '+tries=1'];
  const each = group.flatMap(({ name, type, recurse }) => [name, type, recurse ? '+rec' : '+norec']);
  const key = first?.key === undefined ? [] : ['-y', first.key];
  return [
    'dig',
    `@${first?.server}`,
    ...key,
    '+yaml',
    first?.transport === 'tcp' ? '+tcp' : '+notcp',
    ...limits,
    ...each,
  ];
}

/** The command that asks one question by hand. */
export function digCommand(node: string, { server, name, type, transport, recurse, key }: Question): string {
  const options = [
    transport === 'tcp' ? ['+tcp'] : [],
    recurse ? [] : ['+norec'],
    key === undefined ? [] : ['-y', key],
  ];
  return ['breakwater', 'exec', node, '--', 'dig', `@${server}`, name, type, ...options.flat()].join(' ');
}

const Message = z.object({
  type: z.string(),
  message: z.union([
    z.string(),
    z.object({
      response_message_data: z.object({
        status: z.string(),
        flags: z.string().nullish(),
        QUESTION_SECTION: z.array(z.string()).nullish(),
        ANSWER_SECTION: z.array(z.string()).nullish(),
        AUTHORITY_SECTION: z.array(z.string()).nullish(),
      }),
    }),
  ]),
});

/**
 * Takes the output of `dig +yaml` apart, one answer for each question; undefined is a question that dig
 * gave up. Lines that are not YAML are dig's comments.
 * @throws LabError when dig told of fewer questions than it was given: then we know nothing
 */
export function readDig(text: string, questions: readonly Pick<Question, 'type'>[]): (Answer | undefined)[] {
  const yaml = text
    .split('\n')
    .filter((line) => !line.startsWith(';'))
    .join('\n');
  // Timestamps carry a tag that the core schema does not know; as text they are good enough.
  const messages = z.array(Message).parse(parse(yaml, { logLevel: 'silent' }) ?? []);
  if (messages.length < questions.length)
    throw new LabError('command-failed', `dig told of ${messages.length} of ${questions.length} questions`);
  let next = 0;
  const take = (): Answer | undefined => {
    const message = messages[next++]?.message;
    if (message === undefined || typeof message === 'string') return undefined;
    const { status, flags, ANSWER_SECTION, AUTHORITY_SECTION } = message.response_message_data;
    return { status, flags: flags?.split(' ') ?? [], answer: ANSWER_SECTION ?? [], authority: AUTHORITY_SECTION ?? [] };
  };
  return questions.map(({ type }) => {
    let answer = take();
    while (answer !== undefined && isTransfer(type) && !isComplete(answer) && next < messages.length) {
      const more = take();
      if (more === undefined) break;
      answer = { ...answer, answer: [...answer.answer, ...more.answer] };
    }
    return answer;
  });
}

function isTransfer(type: string): boolean {
  return /^[AI]XFR/.test(type);
}

/** A transfer begins and ends with the SOA (RFC 5936 §2.2); a refusal, and an IXFR with nothing new, are one message. */
function isComplete({ status, answer }: Answer): boolean {
  return status !== 'NOERROR' || answer.length <= 1 || isSoa(answer.at(-1) ?? '');
}

function isSoa(record: string): boolean {
  return /^\S+\s+\d+\s+IN\s+SOA\s/.test(record);
}

/** One line a person reads: `REFUSED, flags qr rd, 0 answers`. */
export function describeAnswer(answer: Answer | undefined): string {
  if (answer === undefined) return `no answer within ${patienceSeconds} s`;
  const { status, flags, answer: records, authority } = answer;
  const some = [...records, ...authority].slice(0, 2).map((record) => record.replaceAll(/\s+/g, ' ').slice(0, 90));
  const rest = records.length + authority.length - some.length;
  const listing = some.length === 0 ? '' : `: ${some.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
  return `${status} (${flags.join(' ')}), ${records.length} answer${records.length === 1 ? '' : 's'}${listing}`;
}
