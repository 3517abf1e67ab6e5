import { create } from 'zustand';

import type { Snapshot, TaskName } from '../../electron/contract/snapshot.ts';
import { complain } from './complaints.ts';
import { host } from './host.ts';

/** What main last said is true; undefined before it said anything. */
export const useSnapshot = create<{ readonly now: Snapshot | undefined }>()(() => ({ now: undefined }));

export function followSnapshot(): () => void {
  const take = (snapshot: Snapshot): void =>
    useSnapshot.setState(({ now }) => (now !== undefined && now.revision > snapshot.revision ? {} : { now: snapshot }));
  const stops = [
    host().on('state.changed', ({ snapshot }) => take(snapshot)),
    host().on('progress', ({ task, message }) =>
      useSnapshot.setState(({ now }) =>
        now === undefined
          ? {}
          : { now: { ...now, tasks: now.tasks.map((it) => (it.task === task ? { task, message } : it)) } },
      ),
    ),
  ];
  host().call('app.snapshot', {}).then(take, complain);
  return () => stops.forEach((stop) => stop());
}

/** The last message of a task that goes on; undefined when it does not. */
export function useTask(...names: readonly TaskName[]): string | undefined {
  return useSnapshot(({ now }) => now?.tasks.find((it) => names.includes(it.task))?.message);
}
