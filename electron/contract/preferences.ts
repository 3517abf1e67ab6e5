import { z } from 'zod';

/** What the window remembers. Unknown or damaged files count as these defaults. */
export const Preferences = z.strictObject({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  welcomed: z.boolean().default(false).describe('The welcome was seen'),
  panes: z.record(z.string().max(60), z.array(z.number()).max(10)).default({}).describe('Sizes in percent, by group'),
  terminalFontSize: z.number().int().min(8).max(32).default(14),
  whenClosing: z.enum(['ask', 'keep', 'down']).default('ask').describe('What becomes of a running network'),
});
export type Preferences = z.infer<typeof Preferences>;

/** What is left out stays as it is. */
export const PreferenceChanges = z.strictObject({
  theme: Preferences.shape.theme.unwrap().optional(),
  welcomed: z.boolean().optional(),
  panes: Preferences.shape.panes.unwrap().optional(),
  terminalFontSize: Preferences.shape.terminalFontSize.unwrap().optional(),
  whenClosing: Preferences.shape.whenClosing.unwrap().optional(),
});
