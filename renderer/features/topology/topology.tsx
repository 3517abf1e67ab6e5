import './topology.css';

import { useEffect, useMemo, useState } from 'react';

import type { Journey } from '#core/model/journey.ts';

import { useAnswer } from '../../state/answer.ts';
import { complain } from '../../state/complaints.ts';
import { host } from '../../state/host.ts';
import { useSnapshot } from '../../state/snapshot.ts';
import { useIsCurrent } from '../../state/verdicts.ts';
import { Canvas } from '../../drawing/canvas.tsx';
import { Panel } from '../faults/panel.tsx';
import { Caption } from './caption.tsx';
import { layTopology } from '../../drawing/layout.ts';
import { NodeCard } from './node-card.tsx';
import { TrackLines } from '../../drawing/track-lines.tsx';
import { endsOf, type Track, tracksOf } from '../../drawing/tracks.ts';

interface TopologyProps {
  readonly lab: string;
  /** The run whose attempts are drawn. */
  readonly run: string | undefined;
  /** Only the attempts of this check, when one is open. */
  readonly check: string | undefined;
}

/** The live network of a lab, and where the attempts of a run went. */
export function Topology({ lab, run, check }: TopologyProps) {
  const view = useAnswer('topology.read', {}).value;
  const { nodes: wanted, mend } = useAnswer('lab.read', { lab }).value ?? {};
  const network = useSnapshot((it) => it.now?.network);
  const terminals = useSnapshot((it) => it.now?.terminals);
  const [selected, setSelected] = useState<string>();
  const tracks = useTracks(lab, run, check);
  const isCurrent = useIsCurrent(run);
  const ends = endsOf(tracks);

  const here = network?.lab === lab;
  const shown = useMemo(() => new Set(here ? network.nodes : wanted), [here, network?.nodes, wanted]);
  const drawing = useMemo(() => (view === undefined ? undefined : layTopology(view, shown)), [view, shown]);
  const card = view?.nodes.find((it) => it.name === selected && shown.has(it.name));
  if (drawing === undefined || drawing.nodes.length === 0) return <div className="topology" aria-busy="true" />;

  return (
    <div className={isCurrent ? 'topology' : 'topology outdated'}>
      <Canvas
        drawing={drawing}
        device={(node) => ({
          node,
          running: here,
          mend: mend?.includes(node.name) ?? false,
          terminals: terminals?.filter((it) => it.node === node.name).length ?? 0,
          selected: node.name === selected,
          end: isCurrent ? ends.get(node.name) : undefined,
          onSelect: () => setSelected(node.name === selected ? undefined : node.name),
        })}
      >
        <TrackLines drawing={drawing} tracks={tracks} />
      </Canvas>
      <Caption tracks={tracks} running={here} outdated={!isCurrent} />
      {card !== undefined && (
        <Panel key={card.name} name={card.name}>
          <NodeCard
            node={card}
            as={card.as === undefined ? undefined : view?.ases[card.as]?.name}
            running={here}
            onClose={() => setSelected(undefined)}
          />
        </Panel>
      )}
    </div>
  );
}

function useTracks(lab: string, run: string | undefined, check: string | undefined): readonly Track[] {
  const journeys = useJourneys(lab, run);
  return useMemo(() => {
    // All at once would be a tangle: the attacks tell the story, the rest is shown on demand.
    const told = journeys?.filter((it) =>
      check === undefined ? it.kind !== 'service' && it.role === 'try' : it.check === check && it.role === 'try',
    );
    return tracksOf(told ?? []);
  }, [journeys, check]);
}

/** Undefined until there is a run, and for a run that nobody watched. What is seen is kept when the run ends. */
function useJourneys(lab: string, run: string | undefined): readonly Journey[] | undefined {
  const [known, setKnown] = useState<{ run: string; journeys: readonly Journey[] }>();
  useEffect(() => {
    if (run === undefined) return;
    let wanted = true;
    const ask = (): void =>
      void host()
        .call('run.scene', { run, lab })
        .then((scene) => wanted && setKnown({ run, journeys: scene?.journeys ?? [] }), complain);
    ask();
    const stop = host().on('run.event', (event) => event.type === 'run.finished' && event.run.id === run && ask());
    return () => {
      wanted = false;
      stop();
    };
  }, [run, lab]);
  return known?.run === run ? known?.journeys : undefined;
}
