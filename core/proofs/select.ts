import type { Draws } from '../model/draws.ts';
import type { Subject } from './basis.ts';
import type { Held } from './held.ts';

/** `new`: no proof is on record; `changed`: one is, of another content; `again`: one of this content is. */
export type Reason = 'new' | 'changed' | 'again';

export interface Task extends Subject {
  readonly reason: Reason;
  /** What is on record, of whichever content. */
  readonly held: Held | undefined;
}

export interface Selection {
  /** In the order in which they are to be run. */
  readonly tasks: readonly Task[];
  /** Those that are left out because they hold. */
  readonly holding: readonly Task[];
  /** Those that are left out although they have no proof of their content. */
  readonly unproved: readonly Task[];
}

export interface SelectOptions {
  /** Those that have no proof of their content. */
  readonly changed: boolean;
  /** So many of those that have one, once more. */
  readonly rotate: number;
  readonly draws: Draws;
}

/** Compares what can be proved with what is on record. */
export function tasksOf(subjects: readonly Subject[], heldOf: (subject: Subject) => Held | undefined): Task[] {
  return subjects.map((subject) => {
    const held = heldOf(subject);
    const reason = held === undefined ? 'new' : held.id === subject.id ? 'again' : 'changed';
    return { ...subject, held, reason };
  });
}

/** What is run: the rotating part first, so that it is never what the time leaves out. */
export function select(tasks: readonly Task[], { changed, rotate, draws }: SelectOptions): Selection {
  const proved = tasks.filter((it) => it.reason === 'again');
  const open = tasks.filter((it) => it.reason !== 'again');
  const again = rotatingPart(proved, rotate, draws);
  return {
    tasks: [...again, ...(changed ? open : [])],
    holding: proved.filter((it) => !again.includes(it)),
    unproved: changed ? [] : open,
  };
}

/**
 * By turns the one that was proved longest ago, so that each has its turn, and any one, so that nobody who writes
 * a record by hand knows when it is looked at.
 */
function rotatingPart(proved: readonly Task[], count: number, draws: Draws): Task[] {
  const left = proved.toSorted((a, b) => compare(a.held?.on, b.held?.on) || compare(a.lab, b.lab));
  return Array.from({ length: Math.min(count, left.length) }, (_, turn) => {
    const index = turn % 2 === 0 ? 0 : draws.below(left.length);
    return left.splice(index, 1)[0] as Task;
  });
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
