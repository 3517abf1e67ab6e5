import type { Run } from '../model/run.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import { writtenReporter } from './written.ts';

/** The run as it is, schema `breakwater.run/1`. */
export function jsonReporter(context: ReporterContext): Reporter {
  return writtenReporter('json', context, formatJson);
}

export function formatJson(run: Run): string {
  return `${JSON.stringify(run, null, 2)}\n`;
}
