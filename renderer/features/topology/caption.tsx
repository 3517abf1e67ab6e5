import { Wrench } from 'lucide-react';

import { describeTrack, type Track } from '../../drawing/tracks.ts';

interface CaptionProps {
  readonly tracks: readonly Track[];
  readonly running: boolean;
  /** They are about a network that is no more as it was. */
  readonly outdated: boolean;
}

/** What the lines say, in words; the signs of the drawing while there are none. */
export function Caption({ tracks, running, outdated }: CaptionProps) {
  if (tracks.length > 0)
    return (
      <ul className="topology-caption" aria-label="What became of the attempts">
        {outdated && <li className="then">At the last check:</li>}
        {tracks.slice(0, 4).map((track) => (
          <li key={track.id} className={track.tone}>
            {describeTrack(track)}
          </li>
        ))}
        {tracks.length > 4 && <li>and {tracks.length - 4} more ways</li>}
      </ul>
    );
  return (
    <ul className="topology-caption" aria-label="Signs">
      <li className="can-attack">an attack can start here</li>
      <li className="to-mend">
        <Wrench size={13} aria-hidden />
        yours to mend
      </li>
      {!running && <li className="not-running">not running</li>}
    </ul>
  );
}
