import { useCallback, useEffect, useRef, useState } from 'react';

import type { Scene } from '../../../electron/contract/scene.ts';
import { complain } from '../../state/complaints.ts';
import { host } from '../../state/host.ts';
import { type Frame, frames, needsOf } from './story.ts';

export interface Story {
  readonly frame: Frame;
  readonly scenes: { readonly off?: Scene; readonly on?: Scene };
  readonly control: boolean;
  /** Work goes on, and the next step waits for it. */
  readonly busy: boolean;
  /** Nodes of the demo's network; undefined until it is up. */
  readonly nodes: readonly string[] | undefined;
  go(to: Frame): void;
  step(by: 1 | -1): void;
  /** The attack once more, as the control stands. */
  again(): void;
}

/** A demo's own network, opened with the screen and always taken down with it. */
export function useStory(lab: string): Story {
  const [frame, setFrame] = useState<Frame>('network');
  const [scenes, setScenes] = useState<Story['scenes']>({});
  const [control, setControl] = useState(false);
  const [busy, setBusy] = useState(true);
  const [nodes, setNodes] = useState<readonly string[]>();
  const queue = useRef<Promise<void>>(Promise.resolve());

  /** One thing after the other: main has one demo. */
  const enqueue = useCallback((work: () => Promise<void>): void => {
    const mine = queue.current.then(work).catch(complain);
    queue.current = mine;
    void mine.then(() => {
      if (queue.current === mine) setBusy(false);
    });
  }, []);

  useEffect(() => {
    enqueue(async () => {
      setNodes((await host().call('demo.open', { lab })).nodes);
    });
    return () => {
      queue.current = queue.current
        .then(async () => {
          await host().call('demo.close', {});
        })
        .catch(complain);
    };
  }, [lab, enqueue]);

  const attack = useCallback(async (on: boolean): Promise<void> => {
    setControl((await host().call('demo.control', { on })).control);
    const scene = await host().call('demo.attack', {});
    setScenes((it) => ({ ...it, [on ? 'on' : 'off']: scene }));
  }, []);

  const go = (to: Frame): void => {
    const needs = needsOf(to);
    setFrame(to);
    setBusy(true);
    enqueue(async () => {
      if (to === 'control') setControl((await host().call('demo.control', { on: true })).control);
      else if (needs.attack && scenes[needs.control ? 'on' : 'off'] === undefined) await attack(needs.control);
      else if (needs.control !== control)
        setControl((await host().call('demo.control', { on: needs.control })).control);
    });
  };
  return {
    frame,
    scenes,
    control,
    busy,
    nodes,
    go,
    step(by) {
      const to = frames[frames.indexOf(frame) + by];
      if (to !== undefined && !busy) go(to);
    },
    again() {
      if (busy || frame === 'network' || frame === 'control') return;
      setBusy(true);
      enqueue(() => attack(needsOf(frame).control));
    },
  };
}
