import { Option } from '@commander-js/extra-typings';

import type { Appliance } from '#core/appliance/appliance.ts';
import type { Run, RunListener } from '#core/model/run.ts';
import { exitCodeOf } from '#core/report/exit-code.ts';
import { multiplex } from '#core/report/multiplexer.ts';
import { selectReporters } from '#core/report/registry.ts';
import { unjudgedRun } from '#core/report/unjudged.ts';
import type { Cli } from './cli.ts';

export function reporterOption(): Option<'--reporter <list>', undefined, 'console'> {
  return new Option('--reporter <list>', 'console, junit=FILE, json=FILE, html=FILE, joined by commas').default(
    'console' as const,
  ) as Option<'--reporter <list>', undefined, 'console'>;
}

export function verboseOption(): Option<'--verbose'> {
  return new Option('--verbose', 'show what was tried by checks that passed, too');
}

/**
 * Runs `run` with the reporters asked for. A file that could not be written is an error, whatever the
 * verdict. Who asked for a report gets one also where nothing could be judged: it says why. Standard output that is closed or full is none, unless a report for programs was to go there.
 */
export async function reportRun(
  cli: Cli,
  appliance: Appliance,
  options: {
    reporter: string;
    /** Whose configuration is judged, for a report on what could not be. */
    subject: string;
    verbose?: true | undefined;
    /** The exit code where the run's own is not all that there is to say. */
    codeOf?: (code: number) => number;
  },
  run: (listener: RunListener) => Promise<Run>,
): Promise<void> {
  const context = {
    screen: cli.terminal.screen,
    verbose: options.verbose === true,
    plan: appliance.plan,
    controls: appliance.controls,
  };
  const named = options.reporter.split(',').some((item) => /^(console|json)$/.test(item.trim()));
  const reporters = multiplex(selectReporters(named ? options.reporter : `console,${options.reporter}`, context));
  let code: number = 3;
  const startedAt = new Date();
  try {
    code = exitCodeOf(await run(reporters.listener));
    code = options.codeOf?.(code) ?? code;
  } catch (error) {
    const about = {
      tool: `breakwater ${appliance.version}`,
      topology: appliance.topology.name,
      runtime: appliance.runtime.name,
      subject: options.subject,
    };
    reporters.listener({
      type: 'run.finished',
      run: unjudgedRun(error, about, startedAt, new Date()),
      folder: '',
    });
    throw error;
  } finally {
    const faults = await reporters.finish();
    for (const { reporter, error } of faults)
      cli.terminal.errors.write(
        `the ${reporter} report could not be written: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    await cli.terminal.output.flushed();
    const isLost = reportsOnScreen(options.reporter) && cli.terminal.output.loss() !== undefined;
    cli.judged(faults.length > 0 || (isLost && code === 0) ? 3 : code);
  }
}

/** Whether programs read standard output, and not people. */
function reportsOnScreen(list: string): boolean {
  return list.split(',').some((item) => item.trim() === 'json');
}
