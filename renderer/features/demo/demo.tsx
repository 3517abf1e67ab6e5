import './demo.css';

import { ChevronLeft, ChevronRight, RotateCw, X } from 'lucide-react';
import { useEffect, useMemo } from 'react';

import { Canvas } from '../../drawing/canvas.tsx';
import { layTopology } from '../../drawing/layout.ts';
import { TrackLines } from '../../drawing/track-lines.tsx';
import { endsOf } from '../../drawing/tracks.ts';
import { useAnswer } from '../../state/answer.ts';
import { useTask } from '../../state/snapshot.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Swell } from '../../ui/swell.tsx';
import { Panel } from '../faults/panel.tsx';
import { Packets } from './packets.tsx';
import { captionOf, frames, titles, tracksIn, countUse } from './story.ts';
import { useStory } from './use-story.ts';

interface DemoProps {
  readonly lab: string;
  readonly onClose: () => void;
}

/** The story of a lab for an audience, on the whole screen: all that moves was seen to move. */
export function Demo({ lab, onClose }: DemoProps) {
  const about = useAnswer('lab.read', { lab }).value;
  const view = useAnswer('topology.read', {}).value;
  const story = useStory(lab);
  const { frame, scenes, control, busy, nodes } = story;
  const working = useTask('demo.open', 'demo.control', 'demo.attack', 'demo.close');
  useKeys(story, onClose);

  const shown = nodes ?? about?.nodes;
  const drawing = useMemo(
    () => (view === undefined || shown === undefined ? undefined : layTopology(view, new Set(shown))),
    [view, shown],
  );
  const tracks = useMemo(() => (busy ? [] : tracksIn(frame, scenes)), [busy, frame, scenes]);
  const ends = endsOf(tracks);
  const at = frames.indexOf(frame);
  const caption =
    about === undefined
      ? ''
      : captionOf(frame, tracks, {
          summary: about.summary,
          controls: about.controls.map((it) => it.title),
          mend: about.mend,
          use: countUse(scenes),
        });
  return (
    <main className={`demo ${control ? 'on' : 'off'}`}>
      <header>
        <div>
          <h1>{about?.title}</h1>
          <p className="quiet">{titles[frame]}</p>
        </div>
        <p className="demo-control">
          The control is <strong>{control ? 'on' : 'off'}</strong>
          <span className="demo-switch" aria-hidden="true" />
        </p>
        <IconButton label="End the demo (Escape)" onClick={onClose}>
          <X size={20} aria-hidden />
        </IconButton>
      </header>
      <section aria-label="The network" aria-busy={busy}>
        {drawing !== undefined && (
          <Panel name="Network" subject={frame}>
            <Canvas
              drawing={drawing}
              device={(node) => ({
                node,
                running: nodes !== undefined,
                mend: about?.mend.includes(node.name) ?? false,
                terminals: 0,
                selected: false,
                end: ends.get(node.name),
                onSelect: undefined,
              })}
            >
              <TrackLines drawing={drawing} tracks={tracks} />
              <Packets drawing={drawing} tracks={tracks} />
            </Canvas>
          </Panel>
        )}
      </section>
      <footer>
        <p className="demo-caption" role="status">
          {busy ? (
            <>
              <Swell /> {working ?? 'Preparing'}
            </>
          ) : (
            caption
          )}
        </p>
        <nav aria-label="Steps of the story">
          <IconButton label="Back" disabled={at === 0 || busy} onClick={() => story.step(-1)}>
            <ChevronLeft size={20} aria-hidden />
          </IconButton>
          <ol>
            {frames.map((it, index) => (
              <li key={it} className={index <= at ? 'done' : ''} aria-current={it === frame ? 'step' : undefined}>
                <span className="unseen">{titles[it]}</span>
              </li>
            ))}
          </ol>
          <IconButton label="Attack again (R)" disabled={busy || tracks.length === 0} onClick={() => story.again()}>
            <RotateCw size={18} aria-hidden />
          </IconButton>
          {at < frames.length - 1 ? (
            <Button tone="primary" disabled={busy} onClick={() => story.step(1)}>
              Next <kbd>Space</kbd>
              <ChevronRight size={18} aria-hidden />
            </Button>
          ) : (
            <Button tone="primary" onClick={onClose}>
              End <kbd>Esc</kbd>
            </Button>
          )}
        </nav>
      </footer>
    </main>
  );
}

/** A presenter's remote sends space, arrows or page keys. */
function useKeys({ step, again }: Pick<ReturnType<typeof useStory>, 'step' | 'again'>, onClose: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const act = actOf(event.key);
      if (act === undefined) return;
      // The button that has the focus must not be pressed as well.
      event.preventDefault();
      if (event.repeat) return;
      ({ next: () => step(1), back: () => step(-1), again, end: onClose })[act]();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  });
}

export function actOf(key: string): 'next' | 'back' | 'again' | 'end' | undefined {
  if (key === ' ' || key === 'ArrowRight' || key === 'PageDown') return 'next';
  if (key === 'ArrowLeft' || key === 'PageUp') return 'back';
  if (key === 'r' || key === 'R') return 'again';
  return key === 'Escape' ? 'end' : undefined;
}
