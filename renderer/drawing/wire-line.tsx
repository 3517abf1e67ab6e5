import { type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { useState } from 'react';

import type { Wire } from './layout.ts';

export interface WireView extends Record<string, unknown> {
  readonly wire: Wire;
}

/** A link; its interfaces and addresses show while the pointer is on it. By keyboard they are in the cards of its nodes. */
export function WireLine({ data }: EdgeProps<Edge<WireView>>) {
  const [near, setNear] = useState(false);
  if (data === undefined) return null;
  const { from, to, ends } = data.wire;
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const line = { x1: from.x, y1: from.y, x2: to.x, y2: to.y };
  const down = ends.some((it) => it.addresses.length === 0);
  return (
    <>
      <g
        className={['wire', near ? 'near' : '', down ? 'down' : ''].join(' ')}
        onPointerEnter={() => setNear(true)}
        onPointerLeave={() => setNear(false)}
      >
        <line {...line} />
        <line {...line} className="reach" />
      </g>
      {near && (
        <EdgeLabelRenderer>
          <div
            className="addresses"
            style={{ transform: `translate(${middle.x}px, ${middle.y}px) translate(-50%, -50%)` }}
          >
            {ends.map((end) => (
              <div key={`${end.node} ${end.interface}`}>
                <b>
                  {end.node} {end.interface}
                </b>
                {end.addresses.length === 0 && <span>kept down</span>}
                {end.addresses.map((it) => (
                  <span key={it}>{it}</span>
                ))}
              </div>
            ))}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
