import type { Draws } from '../model/draws.ts';
import type { Edit, Mutant } from './mutant.ts';
import { operators } from './operators.ts';
import { statementsOf } from './statements.ts';

/** Every mutant of a file, in the order of its lines; none twice, none that leaves the file as it was. Pure. */
export function mutantsOf(path: string, text: string): Mutant[] {
  const statements = statementsOf(text);
  const made = operators
    .flatMap((operator) => operator(text, statements))
    .map((edit) => mutantOf(path, text, edit))
    .filter((it) => it.text !== text);
  const first = new Map<string, Mutant>();
  for (const mutant of made) if (!first.has(mutant.text)) first.set(mutant.text, mutant);
  return [...first.values()].toSorted((a, b) => a.line - b.line);
}

function mutantOf(path: string, text: string, { operator, start, end, replacement }: Edit): Mutant {
  return {
    path,
    operator,
    line: text.slice(0, start).split('\n').length,
    was: oneLine(text.slice(start, end)),
    becomes: oneLine(replacement),
    text: text.slice(0, start) + replacement + text.slice(end),
  };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ').slice(0, 120);
}

/**
 * At most `count` of the mutants: of each file and operator about as many, so that a long file does not hide
 * a short one. The same draws give the same ones, whatever order they come in. Pure.
 */
export function drawMutants(mutants: readonly Mutant[], count: number, draws: Draws): Mutant[] {
  const groups = new Map<string, Mutant[]>();
  for (const mutant of mutants.toSorted((a, b) => (a.text < b.text ? -1 : 1))) {
    const key = `${mutant.path} ${mutant.operator}`;
    groups.set(key, [...(groups.get(key) ?? []), mutant]);
  }
  const left = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  const drawn: Mutant[] = [];
  while (drawn.length < count && left.some((group) => group.length > 0))
    for (const group of left)
      if (group.length > 0 && drawn.length < count) drawn.push(...group.splice(draws.below(group.length), 1));
  return drawn;
}
