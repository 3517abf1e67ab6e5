import { parsePrefix } from '../model/ip.ts';
import { type Edit } from './mutant.ts';
import { type Statement, withoutComment } from './statements.ts';

/** What an operator makes of a file: each edit is a mutant of its own. Pure. */
type Operator = (text: string, statements: readonly Statement[]) => Edit[];

/** A line or a whole block gone. */
const statementGone: Operator = (_text, statements) =>
  statements.map(({ start, end }) => ({ operator: 'statement-gone', start, end, replacement: '' }));

/** One element of a set or a list gone: between braces, or after commas. */
const elementGone: Operator = (text, statements) =>
  listsOf(text, statements).flatMap((elements) =>
    elements.length < 2
      ? []
      : elements.map(({ start, end }, index) => {
          const next = elements[index + 1];
          const before = elements[index - 1];
          // The separator goes with it: the one behind, or of the last the one before.
          const [from, to] = next === undefined ? [before!.end, end] : [start, next.start];
          return { operator: 'element-gone', start: from, end: to, replacement: '' };
        }),
  );

const prefixPattern = /(?<![\w.:/])((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]*:[0-9a-f:.]*)\/(\d{1,3})(?![\w/])/gi;

/** A prefix one bit shorter or longer. */
const prefixChanged: Operator = (text, statements) =>
  inStatements(text, statements, prefixPattern).flatMap(({ match, start }) => {
    const [whole, address = '', length = ''] = match;
    const most = address.includes(':') ? 128 : 32;
    const of = (wanted: number): string[] => {
      if (wanted < 0 || wanted > most) return [];
      try {
        return [`${parsePrefix(`${address}/${wanted}`).network}/${wanted}`];
      } catch {
        return []; // Looks like a prefix and is none, such as a part of a time or of a path.
      }
    };
    return [
      ...of(Number(length) - 1).map((it) => ({ operator: 'prefix-shorter' as const, it })),
      ...of(Number(length) + 1).map((it) => ({ operator: 'prefix-longer' as const, it })),
    ].map(({ operator, it }) => ({ operator, start, end: start + whole.length, replacement: it }));
  });

/** A number that is no part of an address, a name or a prefix becomes ten times as large; 0 becomes 1. */
const numberChanged: Operator = (text, statements) =>
  inStatements(text, statements, /(?<![\w.:/@-])\d+(?![\w.:/@]|-\d)/g).map(({ match: [number], start }) => ({
    operator: 'number-changed',
    start,
    end: start + number.length,
    replacement: number === '0' ? '1' : `${number}0`,
  }));

/** Words that say what becomes of something, and their opposites. */
const opposites: Readonly<Record<string, string>> = {
  accept: 'drop',
  drop: 'accept',
  reject: 'accept',
  permit: 'deny',
  deny: 'permit',
  allow: 'deny',
  yes: 'no',
  no: 'yes',
  on: 'off',
  off: 'on',
  none: 'any',
  true: 'false',
  false: 'true',
};

/** An action turned into its opposite. */
const actionTurned: Operator = (text, statements) =>
  inStatements(text, statements, new RegExp(`(?<![\\w-])(?:${Object.keys(opposites).join('|')})(?![\\w-])`, 'g')).map(
    ({ match: [word], start }) => ({
      operator: 'action-turned',
      start,
      end: start + word.length,
      replacement: opposites[word] ?? word,
    }),
  );

/** What decides, so that it matters what stands before it. Entries with a number of their own are in the order of the numbers. */
const decides =
  /(?<![\w-])(?:accept|drop|reject|permit|deny|allow|jump|goto|return)(?![\w-])|(?:permit|reject|check)_|^!/;
const numbered = /\bseq \d+|^route-map /;

/** Two statements of one block in the other order, and two neighbours of a list, where one of them decides. */
const orderSwapped: Operator = (text, statements) => {
  const siblings = statements.flatMap((one, index) => {
    const next = statements.slice(index + 1).find((it) => it.start >= one.end);
    if (next === undefined || next.parent !== one.parent || next.start !== one.end) return [];
    if (![one, next].some(({ head }) => decides.test(head) && !numbered.test(head))) return [];
    const swapped = text.slice(next.start, next.end) + text.slice(one.start, one.end);
    return [{ operator: 'order-swapped' as const, start: one.start, end: next.end, replacement: swapped }];
  });
  const elements = listsOf(text, statements).flatMap((list) =>
    list.slice(1).flatMap((second, index) => {
      const first = list[index]!;
      if (!decides.test(text.slice(first.start, second.end))) return [];
      return {
        operator: 'order-swapped' as const,
        start: first.start,
        end: second.end,
        replacement:
          text.slice(second.start, second.end) +
          text.slice(first.end, second.start) +
          text.slice(first.start, first.end),
      };
    }),
  );
  return [...siblings, ...elements];
};

/** Everything of one family gone, in the whole file. */
const familyForgotten: Operator = (text, statements) =>
  [
    /\bip6\b|\bipv6\b|\binet6\b|(?<![\w.])[0-9a-f]{0,4}:(?:[0-9a-f]{0,4}:)+/i,
    /\bip (?:saddr|daddr|protocol|address|prefix-list)|\bipv4\b|\binet \b|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}/,
  ].flatMap((family) => {
    const leaves = statements.filter((it) => !it.block && family.test(it.head));
    if (leaves.length === 0) return [];
    const [first, last] = [leaves[0]!, leaves.at(-1)!];
    let kept = '';
    let at = first.start;
    for (const { start, end } of leaves) {
      kept += text.slice(at, start);
      at = end;
    }
    return [{ operator: 'family-forgotten', start: first.start, end: last.end, replacement: kept }];
  });

/** Every operator. An addition is a line here. */
export const operators: readonly Operator[] = [
  statementGone,
  elementGone,
  prefixChanged,
  familyForgotten,
  numberChanged,
  orderSwapped,
  actionTurned,
];

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Lists that stand on one statement's first line: elements between braces, or words with commas between them. */
function listsOf(text: string, statements: readonly Statement[]): Span[][] {
  return statements.flatMap(({ head, headStart }) => {
    const inner = /\{([^{}]*[^{}\s;,][^{}]*)\}/.exec(head);
    const [list, at] = inner?.[1] === undefined ? [head, headStart] : [inner[1], headStart + inner.index + 1];
    const separator = inner !== null && inner[1]?.includes(';') === true ? ';' : ',';
    if (!list.includes(separator)) return [];
    return [elementsOf(list, at, separator, inner === null, text)];
  });
}

/** The words between separators, without the blanks around them. A list that is `named` begins behind its name. */
function elementsOf(list: string, at: number, separator: string, named: boolean, text: string): Span[] {
  const spans: Span[] = [];
  let offset = 0;
  for (const part of list.split(separator)) {
    const lead = part.length - part.trimStart().length;
    const start = at + offset + lead;
    const end = start + part.trim().length;
    offset += part.length + 1;
    if (end > start) spans.push({ start, end });
  }
  const [first] = spans;
  if (first === undefined || !named) return spans;
  const name = /^.*[=\s](?=\S+$)/.exec(text.slice(first.start, first.end))?.[0].length ?? 0;
  return [{ start: first.start + name, end: first.end }, ...spans.slice(1)];
}

function inStatements(
  text: string,
  statements: readonly Statement[],
  pattern: RegExp,
): { match: RegExpExecArray; start: number }[] {
  return statements.flatMap(({ headStart }) => {
    const newline = text.indexOf('\n', headStart);
    const line = withoutComment(text.slice(headStart, newline < 0 ? text.length : newline));
    return [...line.matchAll(pattern)].map((match) => ({ match, start: headStart + match.index }));
  });
}
