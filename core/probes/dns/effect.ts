import { z } from 'zod';

import type { Answer } from './dig.ts';

/** What a question is asked for. */
export const Effect = z
  .enum([
    'recursion',
    'foreign-data',
    'upward-referral',
    'authoritative',
    'referral',
    'nxdomain',
    'resolved',
    'own-copy',
  ])
  .describe(
    [
      'What counts as success.',
      'recursion: the server looks things up for us, or says it would (an answer, the RA flag, a question of its own to others);',
      'foreign-data: it tells what it remembers of names that are not its own;',
      'upward-referral: it sends us to the servers of a domain above;',
      'authoritative: it answers for its own zone, with AA;',
      'referral: it names the servers of a zone that it delegated;',
      'nxdomain: it denies a name of its own zone, with AA;',
      'resolved: it looked the name up for us;',
      'own-copy: it answers out of something of its own: with AA, or with a time to live that does not run down.',
    ].join(' '),
  );
export type Effect = z.infer<typeof Effect>;

export interface Asked {
  readonly name: string;
  readonly type: string;
  /** A word that a record of the answer has to contain. */
  readonly data?: string | undefined;
}

/** What was seen beside the answer. */
export interface Beside {
  /** The server was seen to ask others on our behalf. */
  readonly askedOthers: boolean;
  /** The answer to the same question more than a second later. */
  readonly later?: Answer | undefined;
}

/** Whether an answer has the effect that the question was asked for. */
export function hasEffect(
  effect: Effect,
  asked: Asked,
  answer: Answer | undefined,
  { askedOthers, later }: Beside,
): boolean {
  if (answer === undefined) return effect === 'recursion' && askedOthers;
  const { status, flags, answer: records, authority } = answer;
  const authoritative = flags.includes('aa');
  const isData = (record: string): boolean =>
    typeOf(record) === asked.type.toUpperCase() && (asked.data === undefined || record.includes(asked.data));
  switch (effect) {
    case 'recursion':
      return askedOthers || flags.includes('ra') || records.length > 0;
    case 'foreign-data':
      return records.length > 0;
    case 'upward-referral':
      return authority.some((record) => typeOf(record) === 'NS' && isAbove(ownerOf(record), asked.name));
    case 'authoritative':
      return status === 'NOERROR' && authoritative && records.some(isData);
    case 'referral':
      return (
        status === 'NOERROR' &&
        !authoritative &&
        authority.some((record) => typeOf(record) === 'NS' && isAbove(ownerOf(record), asked.name)) &&
        (asked.data === undefined || authority.some((record) => record.includes(asked.data ?? '')))
      );
    case 'nxdomain':
      return status === 'NXDOMAIN' && authoritative;
    case 'resolved':
      return status === 'NOERROR' && flags.includes('ra') && records.some(isData);
    case 'own-copy':
      return status === 'NOERROR' && records.some(isData) && (authoritative || stands(answer, later, isData));
  }
}

/** What was looked up is kept for a time that runs down; only what one has oneself is as young as a second ago. */
function stands(before: Answer, later: Answer | undefined, isData: (record: string) => boolean): boolean {
  const lives = (answer: Answer): number[] =>
    answer.answer.filter(isData).map((record) => Number(record.split(/\s+/)[1]));
  if (later === undefined) return false;
  const shortest = Math.min(...lives(later));
  return shortest > 0 && shortest === Math.min(...lives(before));
}

function ownerOf(record: string): string {
  return record.split(/\s+/)[0] ?? '';
}

function typeOf(record: string): string {
  return record.split(/\s+/)[3] ?? '';
}

/** Whether `domain` is `name` or above it. Both may end in a dot or not. */
function isAbove(domain: string, name: string): boolean {
  const [above, below] = [domain, name].map((it) => `.${it.toLowerCase().replace(/\.$/, '')}`);
  return above === '.' || below === above || (below?.endsWith(above ?? '') ?? false);
}
