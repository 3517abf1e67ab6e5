import { type CSSProperties, useEffect, useRef } from 'react';

import { type Drawing, nodeSize } from '../../drawing/layout.ts';
import { lineOver, shorten, svgPath, type Track } from '../../drawing/tracks.ts';

const speed = 260;
const mostPackets = 7;

/** Packets on their way over the nodes that saw them, again and again: through to the end, or up to where they were stopped. */
export function Packets({ drawing, tracks }: { readonly drawing: Drawing; readonly tracks: readonly Track[] }) {
  return tracks.map((track, index) => {
    const aside = (index - (tracks.length - 1) / 2) * 5;
    const line = shorten(lineOver(track.went, drawing.between), nodeSize.width / 2 + 8);
    const length = line.slice(1).reduce((sum, it, at) => {
      const before = line[at] ?? it;
      return sum + Math.hypot(it.x - before.x, it.y - before.y);
    }, 0);
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

/** The pause at the end keeps all packets of a frame in step. */
const roundMs = 4200;

function Packet({ path, travelMs, startMs, track: { tone } }: PacketProps) {
  const shape = useRef<SVGGElement>(null);
  useEffect(() => {
    const end = Math.min(0.94, (startMs + travelMs) / roundMs);
    const begin = startMs / roundMs;
    const isStopped = tone === 'stopped' || tone === 'broken';
    const moving = shape.current?.animate(
      [
        { offset: 0, offsetDistance: '0%', opacity: 0 },
        { offset: begin, offsetDistance: '0%', opacity: 0 },
        { offset: begin + 0.01, offsetDistance: '0%', opacity: 1 },
        { offset: end, offsetDistance: '100%', opacity: 1, transform: 'scale(1)' },
        {
          offset: Math.min(0.99, end + 0.04),
          offsetDistance: '100%',
          opacity: 0,
          transform: isStopped ? 'scale(2.2)' : 'scale(0.4)',
        },
      ],
      { duration: roundMs, iterations: Number.POSITIVE_INFINITY },
    );
    return () => moving?.cancel();
  }, [path, travelMs, startMs, tone]);
  return (
    <g ref={shape} className="packet" style={{ offsetPath: `path("${path}")` } as CSSProperties}>
      {tone === 'attack' || tone === 'stopped' ? <path d="M0 -8 L8 0 L0 8 L-8 0 Z" /> : <circle r="6.5" />}
    </g>
  );
}
