import { z } from 'zod';

/** A place in a file that a person wrote; lines and columns count from 1. */
const Place = z.strictObject({ file: z.string(), line: z.number().int(), column: z.number().int() });

/** How an error crosses from main to the renderer: what happened, and what to do next. */
export const Failure = z.strictObject({
  code: z
    .string()
    .describe('An ErrorCode of core/model/errors.ts, `malformed`, `unknown-call`, `foreign-sender`, or `fault`'),
  message: z.string(),
  hint: z.string().optional().describe('A command or an action'),
  at: z.array(Place).optional().describe('Where files are wrong'),
});
export type Failure = z.infer<typeof Failure>;

/** What main answers to a call. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Failure };
