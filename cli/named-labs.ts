import { type Appliance, requireLab } from '#core/appliance/appliance.ts';
import { formatDiagnostic } from '#core/model/diagnostic.ts';
import type { Lab } from '#core/model/lab.ts';
import type { Cli } from './cli.ts';

/**
 * The labs of these ids; without ids all that can be used. Those that cannot are named on standard error, and
 * make a run over "all" end as one with an invalid file, since nobody has judged them.
 */
export function namedLabs(cli: Cli, appliance: Appliance, ids: readonly string[]): Lab[] {
  if (ids.length > 0) return ids.map((id) => requireLab(appliance, id));
  for (const { id, diagnostics } of appliance.brokenLabs)
    cli.terminal.errors.write(
      `${id} is left out, because its files are not sound:\n${diagnostics.map(formatDiagnostic).join('\n')}\n`,
    );
  return [...appliance.labs.values()];
}

/** The exit code of a run over those labs: a pass of some is no pass of all. */
export function codeOverLabs(appliance: Appliance, ids: readonly string[], code: number): number {
  return code === 0 && ids.length === 0 && appliance.brokenLabs.length > 0 ? 2 : code;
}
