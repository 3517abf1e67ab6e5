import pc from 'picocolors';
import wrapAnsi from 'wrap-ansi';

import type { Verdict } from '../../model/verdict.ts';
import type { Screen } from '../reporter.ts';
import { glyphs, type Outcome } from '../../model/wording.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** What formatting needs to know of the screen. */
export interface Style {
  readonly color: Colors;
  /** Longest line, in characters. */
  readonly width: number;
}

/** The column at which titles, reasons and details stand, so that the eye runs down one edge. */
export const textColumn = 18;

/** Lines over 110 characters are hard to read, and under 60 there is no layout to keep. */
export function styleFor(screen: Pick<Screen, 'color' | 'columns'>): Style {
  return { color: pc.createColors(screen.color), width: Math.min(110, Math.max(60, screen.columns - 1)) };
}

export function paint(verdict: Verdict, { color }: Style): (text: string) => string {
  return { pass: color.green, fail: color.red, inconclusive: color.yellow, error: color.magenta }[verdict];
}

export function paintOutcome(tone: Outcome['tone'], { color }: Style): (text: string) => string {
  return { good: color.green, bad: color.red, unseen: color.yellow }[tone];
}

/** `✖ fail`, padded to the text column less the margin of two. */
export function verdictCell(verdict: Verdict, style: Style): string {
  const text = `${glyphs[verdict]} ${verdict}`;
  const padding = ' '.repeat(textColumn - 2 - text.length);
  const painted = paint(verdict, style)(text);
  return (verdict === 'pass' ? painted : style.color.bold(painted)) + padding;
}

/** Words wrapped into a column that starts at `indent`; the first line is to be put there by the caller. */
export function flow(text: string, indent: number, style: Style): readonly string[] {
  return wrapAnsi(text, Math.max(24, style.width - indent), { trim: true }).split('\n');
}
