import { z } from 'zod';

import { ConfigPath } from './configuration.ts';
import { RunEventShape } from './runs.ts';
import { Snapshot, TaskName } from './snapshot.ts';
import { TerminalId } from './terminal.ts';

/** Everything that main tells the renderer without being asked. */
export const events = {
  /** All of the truth again. One that is older than what is known already is to be dropped. */
  'state.changed': z.strictObject({ revision: z.number().int(), snapshot: Snapshot }),
  progress: z.strictObject({ task: TaskName, message: z.string() }),
  /** What happens during a check run, in order. Those of a demo come too. */
  'run.event': RunEventShape,
  /** Somebody saved configuration files: a terminal, a reset, our own editor. */
  'config.changed': z.strictObject({ paths: z.array(ConfigPath) }),
  'terminal.ended': z.strictObject({ terminal: TerminalId, exitCode: z.number().int() }),
} as const;

export type EventName = keyof typeof events;
export type EventOf<E extends EventName> = z.output<(typeof events)[E]>;
