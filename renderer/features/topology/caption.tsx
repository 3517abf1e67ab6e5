import { Wrench } from 'lucide-react';

import { describeTrack, type Track } from '../../drawing/tracks.ts';

interface CaptionProps {
  readonly tracks: readonly Track[];
  readonly running: boolean;
}

/** What the lines say, in words; the signs of the drawing while there are none. */
export function Caption({ tracks, running }: CaptionProps) {
  if (tracks.length > 0)
    return (
      <ul className="topology-caption" aria-label="What became of the attempts">
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
