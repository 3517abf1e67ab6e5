import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';

import { LabError } from '../model/errors.ts';

/**
 * Makes the folder where it is not there. One in the temporary folder, where everybody may make one of any name, has
 * to be ours and closed to others; any other lies in a folder that is. @throws LabError `usage`
 */
export async function makeOwnFolder(folder: string): Promise<void> {
  const shared = dirname(folder) === tmpdir();
  await mkdir(folder, { recursive: true, ...(shared ? { mode: 0o700 } : {}) });
  await requireOwnFolder(folder);
}

/** Throws where a folder of that name in the temporary folder is somebody else's; it need not be there. */
export async function requireOwnFolder(folder: string): Promise<void> {
  if (dirname(folder) !== tmpdir()) return;
  const status = await lstat(folder).catch(() => undefined);
  if (status === undefined) return;
  if (status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o022) === 0) return;
  throw new LabError(
    'usage',
    `${folder} is not a folder of yours that others cannot write in: somebody took its name`,
    {
      hint: 'set XDG_RUNTIME_DIR to a folder that is yours alone',
    },
  );
}
