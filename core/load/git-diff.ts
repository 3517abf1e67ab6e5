import type { Complaint } from './complaints.ts';

/** One file of a diff in git's form. */
export interface DiffFile {
  readonly path: string;
  /** The line (from 1) of its `diff --git`. */
  readonly line: number;
}

type Complain = (line: number, complaint: Complaint) => void;

/**
 * Reads a unified diff in git's form (git-diff(1), "Generating patch text with -p") as far as text
 * files need it: changed, new and deleted files. Renames, modes, links and binary content are
 * refused, counts are checked. Of each file the first wrong line is complained about. Pure.
 *
 * @param from index of the first line of the diff in `text`
 */
export function readGitDiff(text: readonly string[], from: number, complain: Complain): DiffFile[] {
  const lines = text.slice(0, endOf(text));
  const files: DiffFile[] = [];
  let index = from;
  while (index < lines.length) {
    const scan = new FileScan(lines, index);
    try {
      const path = scan.readFile();
      files.push({ path, line: index + 1 });
      index = scan.index;
    } catch (error) {
      if (!(error instanceof WrongLine)) throw error;
      complain(error.line, error.complaint);
      index = nextFile(lines, Math.max(scan.index, index + 1));
    }
  }
  return files;
}

class WrongLine extends Error {
  readonly line: number;
  readonly complaint: Complaint;

  constructor(line: number, complaint: Complaint) {
    super(complaint.message);
    this.line = line;
    this.complaint = complaint;
  }
}

/** Walks through the lines of one file of the diff. */
class FileScan {
  readonly #lines: readonly string[];
  index: number;
  #mode: 'changed' | 'new' | 'deleted' = 'changed';
  #oldEnd = 0;

  constructor(lines: readonly string[], index: number) {
    this.#lines = lines;
    this.index = index;
  }

  readFile(): string {
    const path = this.#readGitLine();
    this.#readExtendedHeaders();
    const line = this.#line;
    if (line === undefined || line.startsWith('diff --git ')) {
      // An empty file has neither names nor hunks.
      if (this.#mode === 'changed')
        this.#wrong({ message: `the diff of ${path} has no changes`, expected: `--- a/${path}` });
      return path;
    }
    this.#readName('--- ', this.#mode === 'new' ? '/dev/null' : `a/${path}`);
    this.#readName('+++ ', this.#mode === 'deleted' ? '/dev/null' : `b/${path}`);
    do this.#readHunk();
    while (this.#line?.startsWith('@@') === true);
    return path;
  }

  get #line(): string | undefined {
    return this.#lines[this.index];
  }

  #wrong(complaint: Complaint): never {
    throw new WrongLine(Math.min(this.index, this.#lines.length - 1) + 1, complaint);
  }

  #readGitLine(): string {
    const [, path, second] = /^diff --git a\/(\S+) b\/(\S+)$/.exec(this.#line ?? '') ?? [];
    if (path === undefined)
      this.#wrong({
        message: `${quote(this.#line)} does not begin a file`,
        expected: 'diff --git a/<node>/etc/… b/<node>/etc/…',
      });
    if (path !== second)
      this.#wrong({
        message: `a rename from ${path} to ${second}`,
        expected: 'the same path twice',
        hint: 'delete the one file and add the other',
      });
    this.index += 1;
    return path;
  }

  #readExtendedHeaders(): void {
    for (; this.#line !== undefined && !/^(?:--- |diff --git |@@)/.test(this.#line); this.index += 1) {
      const line = this.#line;
      const [, made, mode] = /^(new|deleted) file mode (\d{6})$/.exec(line) ?? [];
      if (/^index [0-9a-f]+\.\.[0-9a-f]+(?: 100(?:644|755))?$/.test(line)) continue;
      if (made !== undefined && mode !== '100644' && mode !== '100755')
        this.#wrong({ message: `a file of mode ${mode}: a link or worse`, expected: 'mode 100644' });
      if (made === 'new' || made === 'deleted') this.#mode = made;
      else this.#wrong(extendedComplaint(line));
    }
  }

  #readName(mark: '--- ' | '+++ ', expected: string): void {
    const line = this.#line;
    // Git allows a tab and a time after the name, as diff(1) writes them.
    if (line === undefined || line.split('\t')[0] !== `${mark}${expected}`)
      this.#wrong({
        message: `${quote(line)} is not the name that the file was announced with`,
        expected: `${mark}${expected}`,
      });
    this.index += 1;
  }

  #readHunk(): void {
    const head = this.#line;
    const [, oldStart, oldCount = '1', newStart, newCount = '1'] =
      /^@@ -(\d{1,7})(?:,(\d{1,7}))? \+(\d{1,7})(?:,(\d{1,7}))? @@/.exec(head ?? '') ?? [];
    if (oldStart === undefined || newStart === undefined)
      this.#wrong({ message: `${quote(head)} does not begin a hunk`, expected: '@@ -line,count +line,count @@' });
    if (Number(oldStart) < this.#oldEnd)
      this.#wrong({
        message: `this hunk begins at line ${oldStart}, inside or before the one above`,
        expected: 'hunks in the order of the file',
      });
    if (this.#mode === 'new' && (oldStart !== '0' || oldCount !== '0'))
      this.#wrong({ message: 'a new file has no old lines', expected: '@@ -0,0 +1,count @@' });
    if (this.#mode === 'deleted' && (newStart !== '0' || newCount !== '0'))
      this.#wrong({ message: 'a deleted file has no new lines', expected: '@@ -1,count +0,0 @@' });
    const headLine = this.index + 1;
    this.#oldEnd = Number(oldStart) + Number(oldCount);
    this.index += 1;
    this.#readBody(headLine, Number(oldCount), Number(newCount));
  }

  #readBody(headLine: number, oldCount: number, newCount: number): void {
    let [oldLeft, newLeft, changes] = [oldCount, newCount, 0];
    for (; oldLeft > 0 || newLeft > 0; this.index += 1) {
      const line = this.#line;
      const announced = `${oldCount} old and ${newCount} new lines, as line ${headLine} announces`;
      if (line === undefined || /^(?:@@|diff --git )/.test(line)) {
        this.#wrong({
          message: `the hunk ends too early: ${oldLeft} old and ${newLeft} new lines are missing`,
          expected: announced,
          hint: 'make the patch with git diff; counts are hard to keep by hand',
        });
      }
      // Editors that strip trailing blanks leave an empty line of context empty; git reads it so as well.
      const mark = line === '' ? ' ' : line[0];
      if (mark === '\\') continue;
      if (mark !== ' ' && mark !== '-' && mark !== '+')
        this.#wrong({
          message: `${quote(line)} begins with neither a space nor + nor -`,
          expected: announced,
        });
      if (mark !== '+') oldLeft -= 1;
      if (mark !== '-') newLeft -= 1;
      if (mark !== ' ') changes += 1;
      if (oldLeft < 0 || newLeft < 0)
        this.#wrong({ message: `one ${mark === '+' ? 'new' : 'old'} line too many`, expected: announced });
    }
    if (this.#line?.startsWith('\\ ') === true) this.index += 1;
    if (changes === 0)
      throw new WrongLine(headLine, {
        message: 'this hunk changes nothing',
        expected: 'at least one line with + or -',
      });
    this.#complainOfSurplus(headLine, oldCount, newCount);
  }

  #complainOfSurplus(headLine: number, oldCount: number, newCount: number): void {
    const line = this.#line;
    if (line === undefined || /^(?:@@|diff --git )/.test(line)) return;
    this.#wrong({
      message: `${quote(line)} stands after the end of the hunk`,
      expected: `${oldCount} old and ${newCount} new lines, as line ${headLine} announces`,
    });
  }
}

function extendedComplaint(line: string): Complaint {
  if (/^(?:old|new) mode /.test(line)) return { message: 'a change of mode', expected: 'changes of content only' };
  if (/^(?:rename|copy|similarity|dissimilarity) /.test(line))
    return { message: 'a rename or a copy', expected: 'changes of content only', hint: 'git diff --no-renames' };
  if (/^(?:GIT binary patch|Binary files )/.test(line)) return { message: 'binary content', expected: 'text' };
  return {
    message: `${quote(line)} is not a line of a diff`,
    expected: '---, +++, @@, index, new file mode or deleted file mode',
  };
}

/** Number of lines without the blank ones at the end and without the signature of git format-patch. */
function endOf(lines: readonly string[]): number {
  const end = lines.findLastIndex((line) => line !== '') + 1;
  return lines[end - 2] === '-- ' && /^\d+\.\d+/.test(lines[end - 1] ?? '') ? end - 2 : end;
}

function nextFile(lines: readonly string[], from: number): number {
  let index = from;
  while (index < lines.length && lines[index]?.startsWith('diff --git ') !== true) index += 1;
  return index;
}

function quote(line: string | undefined): string {
  if (line === undefined) return 'the end of the file';
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 59)}…` : line);
}
