import { LabError } from '#core/model/errors.ts';
import { type EventName, type EventOf, events } from '../contract/events.ts';
import type { Snapshot, TaskName } from '../contract/snapshot.ts';

/** Tells the renderer something that it did not ask for. */
export type Tell = <E extends EventName>(name: E, event: EventOf<E>) => void;

/** What the renderer shows, and the long work that changes it. */
export interface Truth {
  snapshot(): Snapshot;
  /** Changes a part of it; raises the revision and tells. */
  change(part: Partial<Omit<Snapshot, 'revision' | 'version' | 'tasks'>>): void;
  /**
   * Does long work under the name of its task. Tasks of one lane wait for nobody: a second is refused.
   * @throws LabError `usage` while another is going on there.
   */
  during<T>(
    task: TaskName,
    work: (options: { signal: AbortSignal; onProgress: (message: string) => void }) => Promise<T>,
  ): Promise<T>;
  /** Asks tasks to end, all of them or those named, and waits until they have. */
  cancel(...tasks: readonly TaskName[]): Promise<void>;
}

/** Two tasks that share a lane would work on the same network. */
type Lane = 'image' | 'trainee' | 'demo';

interface Going {
  readonly task: TaskName;
  readonly abort: AbortController;
  readonly ended: Promise<unknown>;
}

export function createTruth(version: string, tell: Tell): Truth {
  let snapshot: Snapshot = {
    revision: 0,
    version,
    tasks: [],
    network: null,
    run: null,
    verdicts: { runs: [], since: [] },
    demo: null,
    terminals: [],
  };
  const lanes = new Map<Lane, Going>();
  const set = (part: Partial<Snapshot>): void => {
    snapshot = { ...snapshot, ...part, revision: snapshot.revision + 1 };
    tell('state.changed', { revision: snapshot.revision, snapshot });
  };
  const say = (task: TaskName, message: string): void => {
    set({ tasks: snapshot.tasks.map((it) => (it.task === task ? { task, message } : it)) });
    tell('progress', { task, message });
  };

  return {
    snapshot: () => snapshot,
    change: set,
    async during(task, work) {
      const lane = laneOf(task);
      const other = lanes.get(lane);
      if (other !== undefined)
        throw new LabError('usage', `${other.task} is going on; ${task} has to wait`, { hint: 'wait for it to end' });
      const abort = new AbortController();
      // In a later turn, so that the lane is taken before the work begins.
      const ended = Promise.resolve().then(() =>
        work({ signal: abort.signal, onProgress: (message) => say(task, message) }),
      );
      lanes.set(lane, { task, abort, ended });
      set({ tasks: [...snapshot.tasks, { task, message: '' }] });
      try {
        return await ended;
      } finally {
        lanes.delete(lane);
        set({ tasks: snapshot.tasks.filter((it) => it.task !== task) });
      }
    },
    async cancel(...tasks) {
      const meant = [...lanes.values()].filter((it) => tasks.length === 0 || tasks.includes(it.task));
      for (const it of meant) it.abort.abort();
      await Promise.allSettled(meant.map((it) => it.ended));
    },
  };
}

function laneOf(task: TaskName): Lane {
  if (task === 'host.buildImage') return 'image';
  return task.startsWith('demo.') ? 'demo' : 'trainee';
}

/** A teller that says only what the contract allows: an event that does not fit is a fault, and is not sent. */
export function checkedTell(send: (name: EventName, event: unknown) => void): Tell {
  return (name, event) => send(name, events[name].parse(event));
}
