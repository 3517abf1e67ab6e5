import type { LabResult, Run, RunEvent } from '../../model/run.ts';
import type { Verdict } from '../../model/verdict.ts';
import { legible } from '../markup.ts';
import {
  countVerdicts,
  duration,
  finalFindings,
  glyphs,
  headline,
  lostExplained,
  standing,
} from '../../model/wording.ts';
import { flow, paint, type Style, textColumn, verdictCell } from './style.ts';

type Started = Extract<RunEvent, { type: 'run.started' }>;
type LabStarted = Extract<RunEvent, { type: 'lab.started' }>;

export function formatHeader({ topology, subject, labs, folder }: Started, { color }: Style): string {
  const checks = labs.reduce((sum, it) => sum + it.checks, 0);
  const facts = [topology, subject, plural(labs.length, 'lab'), plural(checks, 'check')].join(' · ');
  return `\n  ${color.bold('Breakwater')}  ${facts}\n  ${color.dim(`evidence    ${folder}`)}\n`;
}

/** The id on a rule, the title below it. */
export function formatLabTitle({ lab, title }: Pick<LabStarted, 'lab' | 'title'>, style: Style): string {
  const { color, width } = style;
  const rule = '─'.repeat(Math.max(3, width - lab.length - 3));
  const lines = flow(legible(title), 2, style).map((line) => `  ${line}`);
  return `\n  ${color.bold(lab)} ${color.dim(rule)}\n${lines.join('\n')}\n\n`;
}

/** One line when it holds, and plain words when it was lost. Nothing when nobody restarted. */
export function formatAfterRestart(result: LabResult, style: Style): string {
  if (result.afterRestart.length === 0) return '';
  if (result.persistence === 'kept') {
    const all = result.afterRestart.length === 1 ? 'the check holds' : `all ${result.afterRestart.length} checks hold`;
    return `  ${verdictCell('pass', style)}${all} after a restart from the files\n`;
  }
  if (result.persistence === 'not-tried') return '';
  const words = flow(lostExplained, textColumn, style).map((line) => ' '.repeat(textColumn) + line);
  return `  ${style.color.bold(style.color.red('✖ lost at restart'))}\n${words.join('\n')}\n`;
}

/** A line a lab, what the words mean when they are not plain, and the verdict over all. */
export function formatSummary(run: Run, folder: string, style: Style): string {
  const { color, width } = style;
  const verdict = paint(run.verdict, style);
  const indent = ' '.repeat(textColumn);
  const counts = `${countVerdicts(finalFindings(run.labs))} · ${duration(run.durationMs)}`;
  return [
    '',
    `  ${color.dim('─'.repeat(width - 2))}`,
    ...labLines(run.labs, style),
    ...explanations(run, style),
    '',
    `  ${color.bold(verdict(`${glyphs[run.verdict]} ${run.verdict.toUpperCase()}`))}${' '.repeat(textColumn - 4 - run.verdict.length)}${color.bold(headline(run))}`,
    ...flow(counts, textColumn, style).map((line) => indent + line),
    ...(run.seed === undefined ? [] : [`  ${color.dim('seed'.padEnd(textColumn - 2))}${run.seed}`]),
    `  ${color.dim('evidence'.padEnd(textColumn - 2))}${folder}`,
    '',
    '',
  ].join('\n');
}

function labLines(labs: readonly LabResult[], style: Style): readonly string[] {
  const longest = Math.max(0, ...labs.map((it) => it.lab.length));
  const indent = textColumn + longest + 2;
  return labs.flatMap((lab) => {
    const [first = '', ...more] = flow(standing(lab), indent, style).map((line) => style.color.dim(line));
    return [
      `  ${verdictCell(lab.verdict, style)}${lab.lab.padEnd(longest)}  ${first}`,
      ...more.map((line) => ' '.repeat(indent) + line),
    ];
  });
}

const meanings: Partial<Record<Verdict, string>> = {
  inconclusive: 'The evidence for a verdict is missing. That is not a pass.',
  error: 'The check could not look. Mend what it names and check again.',
};

function explanations(run: Run, style: Style): readonly string[] {
  const verdicts = new Set(run.labs.flatMap((lab) => [...lab.findings, ...lab.afterRestart].map((it) => it.verdict)));
  const lines = (['inconclusive', 'error'] as const)
    .filter((it) => verdicts.has(it))
    .map((it) => style.color.dim(`  ${it.padEnd(textColumn - 2)}${meanings[it]}`));
  return lines.length === 0 ? [] : ['', ...lines];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
