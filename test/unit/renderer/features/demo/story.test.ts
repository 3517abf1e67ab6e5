import { describe, expect, test } from 'vitest';

import type { Journey } from '#core/model/journey.ts';
import type { Scene } from '../../../../../electron/contract/scene.ts';
import { captionOf, frames, needsOf, tracksIn, countUse } from '../../../../../renderer/features/demo/story.ts';

const attack: Journey = {
  check: 'spoofed',
  title: 'Nobody spoofs',
  kind: 'abuse',
  role: 'try',
  label: 'forged',
  path: ['ceb', 'pe1', 'remote'],
  seenAt: ['ceb', 'pe1', 'remote'],
  stoppedAt: null,
  sent: true,
  succeeded: true,
  packets: 3,
  seen: '',
};
const use: Journey = { ...attack, kind: 'service', check: 'reaches' };
const stopped: Journey = { ...attack, succeeded: false, seenAt: ['ceb', 'pe1'], stoppedAt: 'pe1' };

function scene(journeys: Journey[]): Scene {
  return { run: '20261125T150000Z-3f9a', lab: 'filtering/ingress-source', control: false, verdict: 'fail', journeys };
}

const scenes = { off: scene([attack, use]), on: scene([stopped, use, use]) };
const about = { summary: 'Anybody can be anybody.', controls: ['Source filter'], mend: ['pe1'], use: countUse(scenes) };
const say = (frame: (typeof frames)[number]): string => captionOf(frame, tracksIn(frame, scenes), about);

describe('the story', () => {
  test('attacks without the control, puts it on, attacks again, and shows what goes on', () => {
    expect(frames.map(say)).toEqual([
      'Anybody can be anybody.',
      '1 attack from ceb got through to remote.',
      'Now the control goes on, at pe1: Source filter.',
      'The same attack again. 1 attack from ceb towards remote stopped at pe1.',
      'And legitimate use goes on: 2 of 2 attempts work.',
    ]);
  });

  test('counts the use that never left, and does not praise what suffers', () => {
    const unsent: Journey = { ...use, sent: false, succeeded: false, seenAt: [], path: ['ceb'] };
    const suffers = { on: scene([use, unsent]) };
    expect(captionOf('service', tracksIn('service', suffers), { ...about, use: countUse(suffers) })).toBe(
      'But legitimate use suffers: 1 of 2 attempts work.',
    );
  });

  test('says of a look that it is made again, and not an attack', () => {
    const look: Journey = { ...stopped, kind: 'inspection', seenAt: [], stoppedAt: null };
    expect(captionOf('stopped', tracksIn('stopped', { on: scene([look]) }), about)).toBe(
      'The same look again. 1 look from ceb at remote found no fault.',
    );
  });

  test('never says that something happened before it did', () => {
    expect(captionOf('attack', tracksIn('attack', {}), about)).toBe('Nothing was seen on its way.');
    expect(tracksIn('stopped', { off: scenes.off })).toEqual([]);
  });

  test('has the control off until it is put on, and on from then', () => {
    expect(frames.map((it) => needsOf(it).control)).toEqual([false, false, true, true, true]);
  });
});
