import { z } from 'zod';

import { InterfaceName, NodeName } from '#core/model/ids.ts';

export const TerminalId = z.string().regex(/^t\d{1,9}$/, 'expected the id of a terminal');
const Columns = z.number().int().min(2).max(1000);
const Rows = z.number().int().min(1).max(1000);

export const TerminalSize = z.strictObject({ columns: Columns, rows: Rows });

export const OpenTerminal = z.strictObject({
  node: NodeName,
  columns: Columns,
  rows: Rows,
  capture: InterfaceName.optional().describe('Watch the packets of this interface instead of a shell'),
  network: z.enum(['trainee', 'demo']).default('trainee'),
});

/** What the renderer sends over a terminal's port. Main sends plain `Uint8Array`s. */
export const TerminalMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('input'), text: z.string().max(1_000_000) }),
  z.strictObject({
    type: z.literal('shown'),
    bytes: z.number().int().min(0).describe('Back-pressure: main pauses above the high-water mark of unshown bytes'),
  }),
]);
export type TerminalMessage = z.infer<typeof TerminalMessage>;
