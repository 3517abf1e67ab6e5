import { z } from 'zod';

import { NodeName } from '../model/ids.ts';
import type { Attempt, Observation } from '../model/observation.ts';
import { swaksCommand } from './mail/letter.ts';
import { fateOf, writeTo, type Writing, type Written } from './mail/write-to.ts';
import { defineProbe, type ProbeContext } from './probe.ts';

const Writer = z.strictObject({
  label: z.string().describe('Who writes and why, in words a trainee understands'),
  from: NodeName.describe('The node that sends'),
  sender: z.union([z.email(), z.literal('')]).describe('MAIL FROM; empty for the null sender of a bounce'),
  login: z
    .strictObject({ user: z.string(), password: z.string() })
    .optional()
    .describe('Submits on port 587 with this login, instead of writing from server to server'),
  text: z.string().optional().describe('What is written, such as the spam that a complaint quotes'),
});

const Params = z.strictObject({
  server: NodeName.describe('The mail server that takes the mail'),
  to: z
    .array(z.union([z.email(), z.literal('postmaster')]))
    .min(1)
    .describe('Addresses that have to lead to people; `postmaster` alone as in RFC 5321, section 4.5.1'),
  writers: z.array(Writer).min(1).describe('Who writes; each writes to every address, over both address families'),
  readers: z.record(NodeName, z.array(z.string()).min(1)).describe('Node → mailboxes of people'),
  atLeast: z.number().int().min(1).default(1).describe('How many of them have to have it: one may be ill'),
  answer: z
    .string()
    .optional()
    .describe('A regular expression: the writer gets an answer with it in the subject, and no two the same'),
  canary: z.email().optional().describe('For abuse checks: an address of a person who gets mail in any case'),
});
type Params = z.infer<typeof Params>;

/** Whether those who write to a provider reach somebody. */
export const writeToPeople = defineProbe({
  name: 'write-to-people',
  summary: 'Writes to addresses by which an organisation is to be reached, and looks whether people get it.',
  params: Params,
  nodes: ({ server, writers, readers }) => [server, ...writers.map((it) => it.from), ...Object.keys(readers)],
  observe,
});

type PlannedWriting = Writing & { readonly label: string; readonly role: Attempt['role'] };

async function observe(params: Params, context: ProbeContext): Promise<Observation> {
  const writings = planWritings(params);
  const { written, evidence } = await writeTo(writings, params.readers, context, {
    enough: params.atLeast,
    answered: params.answer !== undefined,
  });
  return { attempts: written.map((it) => attemptOf(it, written, params, context)), evidence };
}

export function planWritings({ server, to, writers, canary }: Params): PlannedWriting[] {
  const common = ({ from, sender, text, login }: Params['writers'][number]): Omit<Writing, 'recipient'> => ({
    from,
    server,
    sender,
    ...(text === undefined ? {} : { text }),
    ...(login === undefined ? {} : { login }),
  });
  return [
    ...writers.flatMap((writer) =>
      to.map((recipient) => ({
        ...common(writer),
        recipient,
        label: `${writer.label}, to ${recipient}`,
        role: 'try' as const,
      })),
    ),
    ...(canary === undefined ? [] : [...new Set(writers.map((it) => it.from))]).map((from) => ({
      from,
      server,
      sender: writers.find((it) => it.from === from && it.sender !== '')?.sender ?? '',
      recipient: canary ?? '',
      label: `${from} writes to a person by name`,
      role: 'canary' as const,
    })),
  ];
}

/** In an inspection it is the fault that is looked for: whoever writes is heard by nobody. */
function attemptOf(
  written: Written,
  all: readonly Written[],
  { atLeast, answer }: Params,
  { kind }: ProbeContext,
): Attempt {
  const { label, role, recipient, from } = written.writing as PlannedWriting;
  const harm = kind !== 'service' && role === 'try';
  const { letter, left } = written.dialogue;
  const few = written.readBy.length < (role === 'canary' ? 1 : atLeast);
  // Mail without a sender must not be answered, and who writes to a person by name gets no number.
  const silence =
    answer === undefined || role === 'canary' || letter.sender === '' ? undefined : silenceOf(written, all, answer);
  const heard = !few && silence === undefined;
  return {
    label: harm ? `${label}, is not heard` : label,
    role,
    family: letter.family,
    from,
    to: `${recipient} by ${letter.host}`,
    sent: kind === 'service' || left,
    succeeded: harm ? !heard : heard,
    seen: [
      fateOf(written),
      ...(few && written.readBy.length > 0 ? [`${atLeast} have to`] : []),
      ...(silence === undefined ? [] : [silence]),
      ...(written.answers[0] === undefined ? [] : [`answered "${written.answers[0]}"`]),
    ].join('; '),
    repeat: swaksCommand(letter),
  };
}

/** Why the writer cannot refer to what he wrote; undefined when he can. */
function silenceOf(written: Written, all: readonly Written[], answer: string): string | undefined {
  const wordsOf = ({ answers }: Written): string[] =>
    answers.flatMap((it) => new RegExp(answer, 'i').exec(it)?.[0] ?? []);
  const [word] = wordsOf(written);
  if (word === undefined) return 'the writer gets no answer with a number';
  return all.some((it) => it !== written && wordsOf(it).includes(word))
    ? `others have the number ${word} too`
    : undefined;
}
