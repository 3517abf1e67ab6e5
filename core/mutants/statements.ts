/** A statement of a configuration file: a line, or a line that opens a block together with the block. */
export interface Statement {
  /** Offsets of the whole, line end included. */
  readonly start: number;
  readonly end: number;
  /** The first line without its indent and its comment; what an operator reads as the statement. */
  readonly head: string;
  /** Where `head` begins. */
  readonly headStart: number;
  /** Statements with the same parent stand in one block. */
  readonly parent: number;
  /** Whether it is a block of its own. */
  readonly block: boolean;
}

/**
 * The statements of a file, in order, those inside of blocks after the one that opens the block. Blocks are
 * told by braces (nftables, BIND, nginx, Dovecot) or by indent (FRR, RPSL, YAML, master.cf). Pure.
 */
export function statementsOf(text: string): Statement[] {
  const lines = linesOf(text);
  const statements: Statement[] = [];
  const open: { index: number; indent: number; braces: number }[] = [];
  let braces = 0;
  for (const [at, line] of lines.entries()) {
    const head = withoutComment(line.text).trim();
    if (head === '' || /^(?:[)}\];]+;?|exit|exit-address-family|end|description .*)$/.test(head)) {
      braces += depthOf(head);
      continue;
    }
    const indent = line.text.length - line.text.trimStart().length;
    while (open.length > 0 && !encloses(open.at(-1)!, indent, braces)) open.pop();
    const end = endOfBlock(lines, at, indent);
    statements.push({
      start: line.start,
      end: lines[end]!.end,
      head,
      headStart: line.start + indent,
      parent: open.at(-1)?.index ?? -1,
      block: end > at,
    });
    open.push({ index: statements.length - 1, indent, braces });
    braces += depthOf(head);
  }
  return statements;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    lines.push({ text: text.slice(start, newline < 0 ? text.length : newline), start, end });
    start = end;
  }
  return lines;
}

/** What a reader skips: `#` of most, `!` alone of FRR, `//` of BIND; none inside of a word, as in a URL or an anchor. */
export function withoutComment(line: string): string {
  if (/^\s*(?:!|\/\/|;)/.test(line)) return '';
  return line.replace(/(^|\s)(?:#|\/\/).*$/, '');
}

function depthOf(head: string): number {
  const quoted = head.replace(/"[^"]*"/g, '');
  return (quoted.match(/[{]/g)?.length ?? 0) - (quoted.match(/[}]/g)?.length ?? 0);
}

function encloses(opener: { indent: number; braces: number }, indent: number, braces: number): boolean {
  return braces > opener.braces || (braces === opener.braces && indent > opener.indent);
}

/** The last line of what the line opens: by braces until they close, else as long as lines are indented further. */
function endOfBlock(lines: readonly Line[], at: number, indent: number): number {
  let depth = depthOf(withoutComment(lines[at]!.text));
  let end = at;
  if (depth > 0) {
    while (depth > 0 && end + 1 < lines.length) depth += depthOf(withoutComment(lines[++end]!.text));
    return end;
  }
  for (let next = at + 1; next < lines.length; next++) {
    const { text } = lines[next]!;
    if (text.trim() === '') break;
    if (text.length - text.trimStart().length <= indent) break;
    end = next;
  }
  // FRR closes a block by `exit` at its own indent; it belongs to the block.
  const after = lines[end + 1]?.text.trim();
  return end > at && (after === 'exit' || after === 'exit-address-family') ? end + 1 : end;
}
