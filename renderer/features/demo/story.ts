import type { Scene } from '../../../electron/contract/scene.ts';
import { describeTrack, type Track, tracksOf } from '../../drawing/tracks.ts';

/** One picture of the story. What it shows was attacked before, with the control as the frame says. */
export type Frame = 'network' | 'attack' | 'control' | 'stopped' | 'service';

export const frames: readonly Frame[] = ['network', 'attack', 'control', 'stopped', 'service'];

/** What a frame needs to have happened, in this order. */
export function needsOf(frame: Frame): { readonly control: boolean; readonly attack: boolean } {
  return { control: frame === 'control' || frame === 'stopped' || frame === 'service', attack: frame !== 'network' };
}

/** What moves in a frame. */
export function tracksIn(frame: Frame, scenes: { readonly off?: Scene; readonly on?: Scene }): readonly Track[] {
  switch (frame) {
    case 'network':
    case 'control':
      return [];
    case 'attack':
      return tracksOf(scenes.off?.journeys.filter(isTold) ?? []);
    case 'stopped':
      return tracksOf(scenes.on?.journeys.filter(isTold) ?? []);
    case 'service':
      return tracksOf(scenes.on?.journeys.filter((it) => it.kind === 'service') ?? []);
  }
}

/** What must be stopped, or must not be found. */
function isTold({ kind, role }: Scene['journeys'][number]): boolean {
  return kind !== 'service' && role === 'try';
}

/** How many attempts of legitimate use work, of all that were made: those that never left as well. */
export function countUse({ on }: { readonly on?: Scene }): { readonly works: number; readonly all: number } {
  const uses = on?.journeys.filter((it) => it.kind === 'service') ?? [];
  return { works: uses.filter((it) => it.succeeded).length, all: uses.length };
}

interface About {
  readonly summary: string;
  /** Titles of the controls that are switched. */
  readonly controls: readonly string[];
  readonly mend: readonly string[];
  readonly use: ReturnType<typeof countUse>;
}

/** The line for the speaker. */
export function captionOf(frame: Frame, tracks: readonly Track[], { summary, controls, mend, use }: About): string {
  const said = tracks.slice(0, 2).map(describeTrack).join('. ');
  switch (frame) {
    case 'network':
      return summary;
    case 'control':
      return `Now the control goes on, at ${listed(mend)}: ${listed(controls)}.`;
    case 'attack':
      return said === '' ? 'Nothing was seen on its way.' : `${said}.`;
    case 'stopped':
      return said === ''
        ? 'Nothing was seen on its way.'
        : `The same ${tracks.every((it) => it.look) ? 'look' : 'attack'} again. ${said}.`;
    case 'service':
      return use.works === use.all
        ? `And legitimate use goes on: ${use.works} of ${use.all} attempts work.`
        : `But legitimate use suffers: ${use.works} of ${use.all} attempts work.`;
  }
}

export const titles: Readonly<Record<Frame, string>> = {
  network: 'The network',
  attack: 'Without the control',
  control: 'The control',
  stopped: 'With the control',
  service: 'What goes on',
};

/** `a`, `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(words);
}
