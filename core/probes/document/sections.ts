import { htmlTree, visibleText } from './markup.ts';
import { type Named, own, type Part } from './part.ts';

/**
 * Numbered sections as in RFC 2350, found by their numbers: with or without a full stop behind the number, with a
 * margin, in Markdown, and over page breaks with what stands at the foot and the head of each page.
 */
export function parseSections(text: string): Part {
  const lines = withoutPages(/^\s*<(?:!doctype|html)/i.test(text) ? visibleText(htmlTree(text)) : text);
  const root: Named = {};
  let section = root;
  let last: readonly number[] = [];
  let said: string[] = [];
  const close = (): void => void (section[own] = [section[own] ?? '', said.join('\n').trim()].join('\n').trim());
  for (const [index, line] of lines.entries()) {
    const number = headingOf(line, lines[index - 1] ?? '', lines[index + 1] ?? '');
    if (number === undefined || !isAfter(number, last)) {
      if (!/^\s*[-=~]{3,}\s*$/.test(line)) said.push(line);
      continue;
    }
    close();
    said = [];
    last = number;
    section = number.reduce<Named>((at, step) => (at[String(step)] ??= {}) as Named, root);
  }
  close();
  return root;
}

/** `2.7 Electronic Mail Address`, alone on its line; no sentence, and no line of a table of contents. */
function headingOf(line: string, before: string, after: string): readonly number[] | undefined {
  const [, mark, number, title = ''] =
    /^\s*(#{1,6}\s+|\*\*)?(\d+(?:\.\d+)*)[.)]?:?\s+(\S.*?)\s*(?:\*\*)?$/.exec(line) ?? [];
  if (number === undefined || title.length > 72 || /\.{3}|\s\d+$|(?:\.\s){3}/.test(title)) return undefined;
  if (!/^[A-Z]/.test(title) || (/[.;,]$/.test(title) && mark === undefined)) return undefined;
  const alone = before.trim() === '' || mark !== undefined || /^\s*[-=~]{3,}\s*$/.test(`${before}${after}`);
  return alone || number.includes('.') ? number.split('.').map(Number) : undefined;
}

function isAfter(one: readonly number[], other: readonly number[]): boolean {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

/** Without form feeds, and without the foot of a page before and the head of one after each. */
function withoutPages(text: string): string[] {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\n*[^\n]*\[Page \d+\][^\n]*\n*\f\n?(?:[^\n]*\n)?\n*/gi, '\n\n')
    .replaceAll(/\n*[^\n]*\[Page \d+\][^\n]*/gi, '\n')
    .replaceAll('\f', '\n')
    .split('\n');
}
