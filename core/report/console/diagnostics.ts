import { type DaemonDiagnostic, meaningOf, placeOf } from '../../model/daemon-diagnostic.ts';
import { legible } from '../markup.ts';
import { flow, type Style, textColumn } from './style.ts';

/** What daemons said of their files, before anything that was tried: the place, whose words, the words. */
export function formatDiagnostics(diagnostics: readonly DaemonDiagnostic[], style: Style): string {
  if (diagnostics.length === 0) return '';
  return `\n${diagnostics.flatMap((it) => linesOf(it, style)).join('\n')}\n`;
}

function linesOf(diagnostic: DaemonDiagnostic, style: Style): readonly string[] {
  const { color } = style;
  const warning = diagnostic.severity === 'warning';
  const word = { down: '✖ down', refused: '✖ refused', warning: '! warning' }[diagnostic.severity];
  const cell = word.padEnd(textColumn - 2);
  const indent = ' '.repeat(textColumn);
  const where = [placeOf(diagnostic), meaningOf(diagnostic)].filter(Boolean).join('  ');
  return [
    `  ${warning ? color.yellow(cell) : color.bold(color.red(cell))}${warning ? where : color.bold(where)}`,
    ...flow(legible(diagnostic.message), textColumn, style).map((line) => indent + line),
  ];
}
