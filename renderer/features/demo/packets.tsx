import { type CSSProperties, useEffect, useRef } from 'react';

import { type Drawing, nodeSize } from '../../drawing/layout.ts';
import { lineOver, shorten, svgPath, type Track } from '../../drawing/tracks.ts';
import { framesOf, roundMs } from './packet-frames.ts';

const speed = 260;
const mostPackets = 7;

/** Packets on their way over the nodes that saw them, again and again: through to the end, or up to where they were stopped. */
export function Packets({ drawing, tracks }: { readonly drawing: Drawing; readonly tracks: readonly Track[] }) {
  return tracks.map((track, index) => {
    const aside = (index - (tracks.length - 1) / 2) * 5;
    const line = shorten(lineOver(track.went, drawing), nodeSize.width / 2 + 8);
    const length = line.slice(1).reduce((sum, it, at) => {
      const before = line[at] ?? it;
      return sum + Math.hypot(it.x - before.x, it.y - before.y);
    }, 0);
    if (line.length < 2) return null; // Nobody saw them on a way.
    const travelMs = (length / speed) * 1000;
    return (
      <g key={track.id} className={`packets ${track.tone}`} transform={`translate(${aside} ${aside})`}>
        {Array.from({ length: Math.min(mostPackets, track.count) }, (_, at) => (
          <Packet key={at} path={svgPath(line)} travelMs={travelMs} startMs={at * 170 + index * 90} track={track} />
        ))}
      </g>
    );
  });
}

interface PacketProps {
  readonly path: string;
  readonly travelMs: number;
  readonly startMs: number;
  readonly track: Track;
}

function Packet({ path, travelMs, startMs, track: { tone } }: PacketProps) {
  const shape = useRef<SVGGElement>(null);
  useEffect(() => {
    const isStopped = tone === 'stopped' || tone === 'broken';
    const moving = shape.current?.animate(framesOf(startMs, travelMs, isStopped), {
      duration: roundMs,
      iterations: Number.POSITIVE_INFINITY,
    });
    return () => moving?.cancel();
  }, [path, travelMs, startMs, tone]);
  return (
    <g ref={shape} className="packet" style={{ offsetPath: `path("${path}")` } as CSSProperties}>
      {tone === 'attack' || tone === 'stopped' ? <path d="M0 -8 L8 0 L0 8 L-8 0 Z" /> : <circle r="6.5" />}
    </g>
  );
}
