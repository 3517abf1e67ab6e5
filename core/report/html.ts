import { formatPage } from './html/page.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import { writtenReporter } from './written.ts';

/** One self-contained page that can be mailed, printed and shown: nothing in it is fetched from anywhere. */
export function htmlReporter(context: ReporterContext): Reporter {
  return writtenReporter('html', context, (run) => formatPage(run, context));
}
