import type { Attempt } from '../../model/observation.ts';
import type { Finding, Phase } from '../../model/run.ts';
import { legible } from '../markup.ts';
import { duration, familyName, outcomeOf } from '../../model/wording.ts';
import { flow, paint, paintOutcome, type Style, textColumn, verdictCell } from './style.ts';

export interface Detail {
  /** Attempts of checks that passed, too, and all attempts one by one. */
  readonly verbose: boolean;
  readonly phase: Phase;
}

/** More attempts than this say nothing new at a glance; the evidence and --verbose have all. */
const enoughToSee = 4;

/** A check that passed is two lines. One that did not says what was tried, what was seen, where that lies, and how to see it again. */
export function formatFinding(finding: Finding, detail: Detail, style: Style): string {
  const { verdict } = finding;
  const full = verdict !== 'pass' || detail.verbose;
  const body = full ? details(finding, detail.verbose, style) : [];
  const bar = verdict === 'pass' ? ' ' : paint(verdict, style)('│');
  const [title = '', ...more] = titleLines(finding, detail.phase, style);
  return [
    title,
    ...[...more, ...reasonLines(finding, style), ...body].map((line) => `  ${bar} ${line}`.trimEnd()),
    ...(body.length > 0 ? ['', ''] : ['']),
  ].join('\n');
}

/** The kind and the time stand at the right edge. */
function titleLines({ verdict, kind, title, durationMs }: Finding, phase: Phase, style: Style): readonly string[] {
  const time = `${kind}${(durationMs === 0 ? '' : duration(durationMs)).padStart(8)}`;
  const after = phase === 'restarted' ? ' (after the restart)' : '';
  const lines = flow(legible(title) + after, textColumn + time.length + 2, style);
  return lines.map((line, index) => {
    if (index > 0) return beside('', verdict === 'pass' ? line : style.color.bold(line));
    const gap = ' '.repeat(Math.max(2, style.width - textColumn - line.length - time.length));
    const shown = verdict === 'pass' ? line : style.color.bold(line);
    return `  ${verdictCell(verdict, style)}${shown}${gap}${style.color.dim(time)}`.trimEnd();
  });
}

function reasonLines(finding: Finding, style: Style): readonly string[] {
  const tone = finding.verdict === 'pass' ? style.color.dim : (text: string) => text;
  return flow(legible(finding.reason), textColumn, style).map((line) => beside('', tone(line)));
}

function details(finding: Finding, verbose: boolean, style: Style): readonly string[] {
  const { attempts, evidence } = finding;
  if (attempts.length + evidence.length === 0) return [];
  const telling = attempts.filter((it) => verbose || outcomeOf(finding.kind, it).tone !== 'good');
  const rest = attempts.length - telling.length;
  const shown = telling.slice(0, verbose ? undefined : enoughToSee);
  const columns = widths(shown, finding);
  const tried = [
    ...shown.flatMap((it) => attemptLines(it, finding, columns, style)),
    ...(shown.length < telling.length
      ? [style.color.dim(`and ${telling.length - shown.length} more of the kind with --verbose`)]
      : []),
    ...(rest > 0 && telling.length > 0
      ? [style.color.dim(`and ${rest} more as ${rest === 1 ? 'it' : 'they'} should be`)]
      : []),
  ];
  return [
    '',
    ...section('tried', tried, style),
    ...section(
      'evidence',
      evidence.map((it) => evidenceLine(it.file, it.title, style)),
      style,
    ),
    ...section('by hand', byHand(telling, verbose, style), style),
  ];
}

function section(label: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.map((line, index) => beside(index === 0 ? style.color.dim(label.padEnd(10)) : '', line));
}

/** `✖ got through  ceb → remote  IPv6  source fd00::9`, and below it what was seen. */
function attemptLines(attempt: Attempt, finding: Finding, columns: Widths, style: Style): readonly string[] {
  const { tone, word } = outcomeOf(finding.kind, attempt);
  const glyph = { good: '✔', bad: '✖', unseen: '?' }[tone];
  const canary = attempt.role === 'canary' ? 'canary: ' : '';
  const start = `${glyph} ${word.padEnd(columns.word)}  ${pathOf(attempt).padEnd(columns.path)}  ${familyName(attempt).padEnd(columns.family)}  `;
  const lines = flow(canary + legible(attempt.label), textColumn + start.length, style);
  const seen = flow(legible(attempt.seen), textColumn + 2, style);
  return [
    ...lines.map(
      (line, index) =>
        (index === 0
          ? paintOutcome(tone, style)(start.slice(0, columns.word + 2)) + start.slice(columns.word + 2)
          : ' '.repeat(start.length)) + line,
    ),
    ...seen.map((line) => `  ${style.color.dim(line)}`),
  ];
}

interface Widths {
  readonly word: number;
  readonly path: number;
  readonly family: number;
}

function widths(attempts: readonly Attempt[], finding: Finding): Widths {
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((it) => it.length));
  return {
    word: longest(attempts.map((it) => outcomeOf(finding.kind, it).word)),
    path: longest(attempts.map(pathOf)),
    family: longest(attempts.map(familyName)),
  };
}

function pathOf({ from, to }: Attempt): string {
  return `${from} → ${legible(to)}`;
}

/** Paths and commands are never wrapped, because they are there to be copied; the words beside a path go below it when they do not fit. */
function evidenceLine(file: string, title: string, style: Style): string {
  const fits = textColumn + file.length + 2 + title.length <= style.width;
  return fits ? `${file}  ${style.color.dim(legible(title))}` : file;
}

function byHand(attempts: readonly Attempt[], verbose: boolean, style: Style): readonly string[] {
  const commands = [...new Set(attempts.map((it) => legible(it.repeat)).filter((it) => it !== ''))];
  const shown = commands.slice(0, verbose ? undefined : 2);
  const rest = commands.length - shown.length;
  return [
    ...shown.map((it) => style.color.cyan(it)),
    ...(rest > 0 ? [style.color.dim(`and ${rest} more with --verbose`)] : []),
  ];
}

/** Two cells after the bar: a label of ten characters at column 5 and the text at the text column. */
function beside(label: string, text: string): string {
  const room = textColumn - 4;
  return (label === '' ? ' '.repeat(room) : label + ' '.repeat(room - 10)) + text;
}
