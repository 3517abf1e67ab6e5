import { z } from 'zod';

/** One thing that a lab needs of this computer. */
export const HostFinding = z.strictObject({
  title: z.string(),
  ok: z.boolean(),
  found: z.string(),
  mend: z.string().describe('The command that mends it'),
});
export type HostFinding = z.infer<typeof HostFinding>;

export const HostReport = z.strictObject({
  findings: z.array(HostFinding),
  image: z.boolean().describe('The node image is there; `host.buildImage` makes it'),
});
export type HostReport = z.infer<typeof HostReport>;
