/** A line of a template, by the path of the template below the folder of templates. */
export interface TemplateLine {
  readonly path: string;
  readonly line: number;
}

// Private use characters (Unicode §23.5): nothing that a configuration or a template language has a use for.
const open = '\uE000';
const shut = '\uE001';
const mark = new RegExp(`${open}([^${open}${shut}]*)${shut}`, 'g');

/**
 * The text of a template with a mark in each line that says where it stands, to be found in what is rendered.
 * No mark stands where it would change what the template does: inside a tag or a comment, before a tag that
 * takes the blanks around it away.
 */
export function markLines(text: string, path: string): string {
  let tag: Tag | undefined;
  return text
    .split('\n')
    .map((line, index) => {
      const marked = tag === undefined ? withMark(line, `${open}${index + 1} ${path}${shut}`) : line;
      tag = tagAfter(line, tag);
      return marked;
    })
    .join('\n');
}

/** What was rendered from marked templates: its text without the marks, and for each line where it came from. */
export function readMarks(rendered: string): {
  readonly text: string;
  readonly lines: readonly (TemplateLine | undefined)[];
} {
  let last: TemplateLine | undefined;
  const lines = rendered.split('\n').map((line) => {
    const marks = [...line.matchAll(mark)].map(([, words = '']): TemplateLine => {
      const blank = words.indexOf(' ');
      return { line: Number(words.slice(0, blank)), path: words.slice(blank + 1) };
    });
    const first = marks[0] ?? last;
    last = marks.at(-1) ?? last;
    return first;
  });
  return { text: rendered.replaceAll(mark, ''), lines };
}

/** The words that end what is open at the end of a line. */
type Tag = '%}' | '}}' | '#}';

const ends: Readonly<Record<string, Tag>> = { '{%': '%}', '{{': '}}', '{#': '#}' };

function tagAfter(line: string, tag: Tag | undefined): Tag | undefined {
  let [now, at] = [tag, 0];
  for (;;) {
    if (now === undefined) {
      const next = /\{[%{#]/g;
      next.lastIndex = at;
      const found = next.exec(line);
      if (found === null) return undefined;
      [now, at] = [ends[found[0]], found.index + 2];
    } else {
      const end = line.indexOf(now, at);
      if (end < 0) return now;
      [now, at] = [undefined, end + 2];
    }
  }
}

/** Behind the first character that is no blank: what is taken away around it by `{%-` and the like stays the same. */
function withMark(line: string, words: string): string {
  const at = line.search(/\S/);
  if (at < 0 || /^\{(?:[%#]|\{-)/.test(line.slice(at))) return line;
  const behind = line.startsWith('{{', at) ? at : at + 1;
  // A character that begins a tag is not torn from it.
  return line[at] === '{' && behind > at ? line : line.slice(0, behind) + words + line.slice(behind);
}
