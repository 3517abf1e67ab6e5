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
  /** The address of the node that it is asked from; the kernel chooses when left out. */
  readonly source?: string;
  /** How long an answer is waited for. */
  readonly patienceSeconds?: number;
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

/** How long dig waits for an answer where nothing else is said. */
const usualPatienceSeconds = 3;

/**
 * Asks from a node and returns the answers in the order of the questions. Starting a dig costs more than asking, so
 * one asks many questions, one after the other; where one of them is not answered at once, the others would wait for
 * it, so each is asked anew by a dig of its own, all side by side. `apart`: so from the beginning, where silence is
 * what is expected.
 */
export async function askQuestions(
  node: Node,
  questions: readonly Question[],
  signal: AbortSignal,
  { apart = false }: { apart?: boolean } = {},
): Promise<readonly (Answer | undefined)[]> {
  const answers = new Map<Question, Answer | undefined>();
  const ask = async (groups: readonly Question[][], wrapper: readonly string[]): Promise<Question[]> => {
    const told = await runSideBySide(
      node,
      groups.map((group) => [...wrapper, ...digArguments(group)]),
      signal,
    );
    return groups.flatMap((group, index) => {
      const { code, text } = told[index] as Told;
      if (code === endedEarly) return group;
      // 9: no reply from a server, which is a result (dig(1), return codes).
      if (code !== '0' && code !== '9')
        throw new LabError('command-failed', `exit code ${code}: ${digArguments(group).join(' ')}\n${text.trim()}`);
      readDig(text, group).forEach((answer, at) => answers.set(group[at] as Question, answer));
      return [];
    });
  };
  const open = apart ? questions : await ask(groupQuestions(questions), ['timeout', firstPassSeconds]);
  await ask(
    open.map((question) => [question]),
    [],
  );
  return questions.map((question) => answers.get(question));
}

/** Less than the patience with one question, and much more than a server takes that answers all. */
const firstPassSeconds = '2.5';

/** Exit code of timeout(1) when the time was up. */
const endedEarly = '124';

/** As many as a server answers in a fraction of that. */
const questionsADig = 30;

interface Told {
  readonly code: string;
  readonly text: string;
}

async function runSideBySide(
  node: Node,
  commands: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<readonly Told[]> {
  if (commands.length === 0) return [];
  const words = commands.flatMap((argv) => [String(argv.length), ...argv]);
  const { stdout, stderr, exitCode } = await node.exec(['bash', '-c', sideBySide, 'bash', ...words], { signal });
  if (exitCode !== 0)
    throw new LabError('command-failed', `dig on ${node.name}: ${stderr.trim() || `exit code ${exitCode}`}`);
  const told = stdout.split(/^=+ (\d+)\n/m).slice(1);
  return commands.map((_, index) => ({ code: told[2 * index] ?? '', text: told[2 * index + 1] ?? '' }));
}

/** Runs commands side by side, each given as the number of its words and the words, and prints what they said in their order. */
const sideBySide = `
command -v dig >/dev/null || { echo 'dig: not found' >&2; exit 127; }
folder=$(mktemp -d) || exit
count=0
while [ $# -gt 0 ]; do
  { "\${@:2:$1}" >"$folder/$count" 2>&1; echo $? >"$folder/$count.code"; } &
  shift $(($1 + 1))
  count=$((count + 1))
done
wait
for ((index = 0; index < count; index++)); do
  read -r code <"$folder/$index.code"
  echo "==== $code"
  echo "$(<"$folder/$index")"
done
rm -r "$folder"
`;

/** What one dig can ask: it has one source, one key and one patience. */
function groupQuestions(questions: readonly Question[]): Question[][] {
  const groups = new Map<string, Question[][]>();
  for (const question of questions) {
    const { source, key, patienceSeconds } = question;
    const client = JSON.stringify([source, key, patienceSeconds]);
    const own = groups.get(client) ?? [];
    const last = own.at(-1);
    if (last === undefined || last.length === questionsADig) groups.set(client, [...own, [question]]);
    else last.push(question);
  }
  return [...groups.values()].flat();
}

/** All that `+yaml`, `-y` and `-b` say holds for the whole dig, the rest for the question that it stands with. */
function digArguments(group: readonly Question[]): string[] {
  const [{ source, key, patienceSeconds = usualPatienceSeconds } = {} as Partial<Question>] = group;
  return [
    'dig',
    ...(source === undefined ? [] : ['-b', source]),
    ...(key === undefined ? [] : ['-y', key]),
    '+yaml',
    ...group.flatMap((it) => [
      `@${it.server}`,
      it.name,
      it.type,
      it.transport === 'tcp' ? '+tcp' : '+notcp',
      it.recurse ? '+rec' : '+norec',
      `+time=${patienceSeconds}`,
      '+tries=1',
    ]),
  ];
}

/** The command that asks one question by hand. */
export function digCommand(node: string, { server, name, type, transport, recurse, key, source }: Question): string {
  const options = [
    source === undefined ? [] : ['-b', source],
    transport === 'tcp' ? ['+tcp'] : isTransfer(type) ? ['+notcp'] : [],
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
  if (answer === undefined) return 'no answer';
  const { status, flags, answer: records, authority } = answer;
  const some = [...records, ...authority].slice(0, 2).map((record) => record.replaceAll(/\s+/g, ' ').slice(0, 90));
  const rest = records.length + authority.length - some.length;
  const listing = some.length === 0 ? '' : `: ${some.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
  return `${status} (${flags.join(' ')}), ${records.length} answer${records.length === 1 ? '' : 's'}${listing}`;
}
