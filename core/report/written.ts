import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import writeFileAtomic from 'write-file-atomic';

import { LabError } from '../model/errors.ts';
import type { Run } from '../model/run.ts';
import type { Reporter, ReporterContext } from './reporter.ts';

/**
 * A reporter that waits for the end and writes the whole at once, so that a reader never meets half a
 * report. Without a file it writes to the screen.
 */
export function writtenReporter(name: string, context: ReporterContext, format: (run: Run) => string): Reporter {
  let run: Run | undefined;
  return {
    name,
    onEvent(event) {
      if (event.type === 'run.finished') run = event.run;
    },
    async finish() {
      if (run === undefined) return;
      const text = format(run);
      if (context.file === undefined) return context.screen.write(text);
      try {
        await mkdir(dirname(context.file), { recursive: true });
        await writeFileAtomic(context.file, text);
      } catch (cause) {
        const { message } = cause as Error;
        throw new LabError('usage', `the ${name} report cannot be written: ${message}`, { cause });
      }
    },
  };
}
