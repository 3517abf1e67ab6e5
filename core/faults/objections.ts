import type { Finding } from '../model/run.ts';
import type { Fault } from './fault.ts';

/** Where a check stands: at the mistake of its lab, or at the solution. */
export type Ground = 'start' | 'solution';

/**
 * What is wrong with a verdict that was given while something went wrong; undefined where it is honest. Nobody calls
 * the mistake mended, and nobody the solution broken, because of a fault; whoever is blind says nothing of either.
 */
export function objectionTo(
  { effect, title }: Pick<Fault, 'effect' | 'title'>,
  ground: Ground,
  finding: Finding,
): string | undefined {
  const { check, kind, verdict, reason } = finding;
  // Services may well be cut off, or go on although the lab is broken.
  if (effect !== 'blind' && kind === 'service') return undefined;
  const lie =
    verdict === 'pass' ? effect === 'blind' || ground === 'start' : verdict === 'fail' && ground === 'solution';
  return lie ? `${check} is ${verdict} although ${title}: ${reason}` : undefined;
}
