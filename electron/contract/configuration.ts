import { z } from 'zod';

import { NodeName } from '#core/model/ids.ts';

/** `pe1/etc/nftables.conf`. What may stand there is decided by core/model/config-file.ts. */
export const ConfigPath = z.string().min(1).max(300);

/** Against the start of the lab. */
export const FileStatus = z.enum(['same', 'added', 'modified', 'deleted']);
export type FileStatus = z.infer<typeof FileStatus>;

export const NodeFiles = z.strictObject({
  node: NodeName,
  files: z.array(z.strictObject({ path: ConfigPath, status: FileStatus })),
});
export type NodeFiles = z.infer<typeof NodeFiles>;

/** Content, and the blob that names this very content: hand it back when writing. */
export const FileContent = z.strictObject({ content: z.string(), blob: z.string() });
export type FileContent = z.infer<typeof FileContent>;

export const ConfigFileView = z.strictObject({
  path: ConfigPath,
  now: FileContent.nullable().describe('null when it is deleted'),
  start: z.string().nullable().describe('As the lab began; null when there was none'),
});
export type ConfigFileView = z.infer<typeof ConfigFileView>;

/** A save either happened, or met an edit of somebody else; then nothing was written. */
export const SaveResult = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('saved'),
    blob: z.string(),
    applied: z.array(z.string()).describe('What was reloaded, as `pe1: nftables.conf`; empty when no network runs'),
    complaint: z.string().optional().describe('Why the service did not take it; the file is saved all the same'),
    warning: z.string().optional().describe('What the service says of the file though it took it'),
  }),
  z.strictObject({
    outcome: z.literal('conflict'),
    base: z.string().nullable().describe('What was read before the edit'),
    ours: z.string(),
    theirs: FileContent.nullable().describe('What stands there; null when it was deleted'),
  }),
]);
export type SaveResult = z.infer<typeof SaveResult>;

export const Changes = z.array(z.strictObject({ path: ConfigPath, status: z.enum(['added', 'modified', 'deleted']) }));
export type Changes = z.infer<typeof Changes>;

/** What a trainee had at some moment. */
export const KeptSnapshot = z.strictObject({
  id: z.string(),
  at: z.string(),
  reason: z.string(),
  lab: z.string().optional(),
});
export type KeptSnapshot = z.infer<typeof KeptSnapshot>;
