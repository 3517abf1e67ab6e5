import './panes.css';

import { Fragment, type ReactNode } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';

interface Pane {
  readonly id: string;
  readonly label: string;
  /** In percent of the group. */
  readonly size: number;
  readonly minPixels: number;
  readonly content: ReactNode;
}

interface PanesProps {
  readonly direction: 'horizontal' | 'vertical';
  readonly panes: readonly Pane[];
  /** Sizes in percent as they were left, in the order of the panes. */
  readonly remembered: readonly number[] | undefined;
  readonly onResized: (sizes: number[]) => void;
}

/** Regions side by side, with edges that the pointer drags and the arrow keys move. */
export function Panes({ direction, panes, remembered, onResized }: PanesProps) {
  const sizes = remembered?.length === panes.length ? remembered : panes.map((it) => it.size);
  return (
    <Group
      className="panes"
      orientation={direction}
      defaultLayout={Object.fromEntries(panes.map((pane, index) => [pane.id, sizes[index] ?? pane.size]))}
      onLayoutChanged={(layout, { isUserInteraction }) => {
        if (isUserInteraction) onResized(panes.map((it) => layout[it.id] ?? it.size));
      }}
    >
      {panes.map((pane, index) => (
        <Fragment key={pane.id}>
          {index > 0 && <Separator className="pane-edge" aria-label={`Edge of ${pane.label}`} />}
          <Panel id={pane.id} minSize={pane.minPixels} className="pane">
            <section aria-label={pane.label}>{pane.content}</section>
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}
