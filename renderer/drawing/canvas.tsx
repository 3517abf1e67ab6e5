import '@xyflow/react/dist/base.css';
import './drawing.css';

import {
  type Edge,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useNodesInitialized,
  useReactFlow,
  useStore,
  ViewportPortal,
} from '@xyflow/react';
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';

import type { DrawnNode } from '../../electron/contract/topology.ts';
import { IconButton } from '../ui/button.tsx';
import { Device, type DeviceView } from './device.tsx';
import { type Drawing, nodeSize, type Rail, type Wire } from './layout.ts';
import { WireLine, type WireView } from './wire-line.tsx';

interface CanvasProps {
  readonly drawing: Drawing;
  readonly device: (node: DrawnNode) => DeviceView;
  /** Drawn over the wires, in the coordinates of the drawing. */
  readonly children?: ReactNode;
}

const nodeTypes = { device: Device };
const edgeTypes = { wire: WireLine };
const whole = { padding: 0.04, maxZoom: 1.8 };

/** The drawing on a surface that can be moved and enlarged; it fits again whenever the surface changes its size. */
export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Surface {...props} />
    </ReactFlowProvider>
  );
}

function Surface({ drawing, device, children }: CanvasProps) {
  const { fitView, zoomIn, zoomOut } = useReactFlow();
  const ready = useNodesInitialized();
  // Small as they are then, two lines of text would be none.
  const isFar = useStore((it) => it.transform[2] < 0.9);
  const size = useStore((it) => `${it.width} ${it.height}`);
  useEffect(() => {
    if (ready) void fitView(whole);
  }, [ready, size, drawing, fitView]);

  return (
    <div className={isFar ? 'canvas far' : 'canvas'}>
      <ReactFlow
        nodes={drawing.nodes.map(({ node, place }): Node<DeviceView> => ({
          id: node.name,
          type: 'device',
          data: device(node),
          position: { x: place.x - nodeSize.width / 2, y: place.y - nodeSize.height / 2 },
          ...nodeSize,
          measured: nodeSize,
        }))}
        edges={drawing.wires.map((wire): Edge<WireView> => {
          const [a, b] = wire.ends;
          return {
            id: wire.id,
            type: 'wire',
            source: a?.node ?? '',
            target: b?.node ?? a?.node ?? '',
            data: { wire },
          };
        })}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnDoubleClick={false}
        minZoom={0.2}
        maxZoom={2.5}
        proOptions={{ hideAttribution: true }}
      >
        <ViewportPortal>
          <svg className="overlay" aria-hidden="true">
            {drawing.rails.map((rail) => (
              <RailLine key={rail.id} rail={rail} />
            ))}
            {children}
            {drawing.rails.map((rail) => (
              <RailName key={rail.id} rail={rail} />
            ))}
            {drawing.wires.map((wire) => (
              <WireName key={wire.id} wire={wire} />
            ))}
          </svg>
        </ViewportPortal>
      </ReactFlow>
      <div className="zoom">
        <IconButton label="Larger" onClick={() => zoomIn()}>
          <ZoomIn size={16} aria-hidden />
        </IconButton>
        <IconButton label="Smaller" onClick={() => zoomOut()}>
          <ZoomOut size={16} aria-hidden />
        </IconButton>
        <IconButton label="Show all" onClick={() => fitView(whole)}>
          <Maximize size={16} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

/** A LAN is a rail with its members hanging from it. */
function RailLine({ rail: { from, to } }: { readonly rail: Rail }) {
  const [x, y] = overhang(from, to);
  return (
    <g className="rail">
      <line x1={from.x - x} y1={from.y - y} x2={to.x + x} y2={to.y + y} />
    </g>
  );
}

/** Its name lies above what passes. */
function RailName({ rail: { from, to, name } }: { readonly rail: Rail }) {
  const upright = from.x === to.x;
  const [x, y] = overhang(from, to);
  return (
    <g className="rail">
      <text
        x={upright ? from.x : from.x - x - 8}
        y={upright ? from.y - y - 8 : from.y + 4}
        textAnchor={upright ? 'middle' : 'end'}
      >
        {name}
      </text>
    </g>
  );
}

/** A LAN of which two members are left looks like a link and keeps its name, beside all that passes. */
function WireName({ wire: { from, to, ends, segment } }: { readonly wire: Wire }) {
  if (segment === undefined || ends.length < 2) return null;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const away = 24 / Math.hypot(dx, dy);
  const side = dy > 0 ? -1 : 1; // to the right, where there is room for text
  return (
    <g className="rail">
      <text x={(from.x + to.x) / 2 - side * dy * away} y={(from.y + to.y) / 2 + side * dx * away + 4}>
        {segment}
      </text>
    </g>
  );
}

/** How far a rail goes on beyond its last members. */
function overhang(from: Rail['from'], to: Rail['to']): readonly [x: number, y: number] {
  return from.x === to.x ? [0, 14] : [26, 0];
}
