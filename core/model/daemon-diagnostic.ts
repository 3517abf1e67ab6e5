import { z } from 'zod';

import { NodeName } from './ids.ts';

/**
 * What is wrong with a configuration before anything is tried: what a daemon said of the files that it was
 * given, or why they could not be laid out at all.
 */
export const DaemonDiagnostic = z.strictObject({
  node: NodeName.optional(),
  daemon: z.string().optional().describe('Whose words these are: frr, named, nftables …'),
  severity: z
    .enum(['down', 'refused', 'warning'])
    .describe(
      '`down`: it does not run; `refused`: it runs without what it did not take; `warning`: taken all the same',
    ),
  file: z
    .string()
    .optional()
    .describe('As its author knows it: `<node>/etc/…`, or the template that it was rendered from'),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
  message: z.string().describe('In the words of the daemon'),
});
export type DaemonDiagnostic = z.infer<typeof DaemonDiagnostic>;

/** What was not taken; warnings are for reading. */
export function refusalsIn(diagnostics: readonly DaemonDiagnostic[]): readonly DaemonDiagnostic[] {
  return diagnostics.filter((it) => it.severity !== 'warning');
}

/** `br1/etc/frr/frr.conf:208`, as editors recognise it; the node where no file is known. */
export function placeOf({ node, file, line, column }: DaemonDiagnostic): string {
  return [file ?? node, line, line === undefined ? undefined : column].filter((it) => it !== undefined).join(':');
}

/** `named on ns1 does not run`, `frr on br1 did not take this`: who says so, and what it means. */
export function meaningOf({ node, daemon, severity }: DaemonDiagnostic): string {
  if (daemon === undefined) return node === undefined ? 'not laid out' : `note on ${node}`;
  const who = [daemon, node].filter((it) => it !== undefined).join(' on ');
  const what = { down: 'does not run', refused: 'did not take this', warning: 'warns' }[severity];
  return `${who} ${what}`;
}

/** One line for a place where there is no room for more. */
export function formatDaemonDiagnostic(diagnostic: DaemonDiagnostic): string {
  return `${placeOf(diagnostic)}: ${meaningOf(diagnostic)}: ${diagnostic.message}`;
}
