import { type Drawing, nodeSize } from './layout.ts';
import { lineOver, shorten, svgPath, type Track } from './tracks.ts';

interface TrackLinesProps {
  readonly drawing: Drawing;
  readonly tracks: readonly Track[];
}

/** Where attempts went, over the wires: whole where packets were seen, dotted where they would have gone on. */
export function TrackLines({ drawing, tracks }: TrackLinesProps) {
  return tracks.map((track, index) => {
    const { id, tone, look, path, went } = track;
    const rest = path.slice(Math.max(0, went.length - 1));
    const travelled = shorten(lineOver(went, drawing), nodeSize.width / 2 + 10);
    const end = travelled.at(-1);
    const before = travelled.at(-2);
    const angle = end === undefined || before === undefined ? 0 : angleOf(before, end);
    // Tracks that share a link lie beside each other.
    const aside = (index - (tracks.length - 1) / 2) * 5;
    return (
      <g key={id} className={`track ${tone}`} transform={`translate(${aside} ${aside})`}>
        {rest.length > 1 && <path className="rest" d={svgPath(lineOver(rest, drawing))} />}
        <path className="ground" d={svgPath(travelled)} />
        <path className="went" d={svgPath(travelled)} />
        {end !== undefined && (
          <g transform={`translate(${end.x} ${end.y}) rotate(${angle})`}>
            {(tone === 'stopped' || tone === 'broken') && !look ? (
              <path className="bar" d="M0 -13 V13" />
            ) : (
              <path className="tip" d="M-11 -8 L4 0 L-11 8 Z" />
            )}
          </g>
        )}
      </g>
    );
  });
}

function angleOf(from: { x: number; y: number }, to: { x: number; y: number }): number {
  return (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
}
