import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import writeFileAtomic from 'write-file-atomic';

import { Preferences } from '../contract/preferences.ts';

export interface PreferencesFile {
  read(): Promise<Preferences>;
  /** What is left out stays as it is. */
  write(changes: { readonly [K in keyof Preferences]?: Preferences[K] | undefined }): Promise<Preferences>;
}

export function openPreferences(file: string): PreferencesFile {
  const read = async (): Promise<Preferences> => {
    try {
      return Preferences.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch {
      // Before the first change there is no file; one that cannot be read is worth no more.
      return Preferences.parse({});
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    read,
    write(changes) {
      // One after another, or the second change would undo the first.
      const written = last.then(async () => {
        const before = await read();
        const after = Preferences.parse({
          ...before,
          ...changes,
          panes: { ...before.panes, ...changes.panes },
        });
        await mkdir(dirname(file), { recursive: true });
        await writeFileAtomic(file, `${JSON.stringify(after, null, 2)}\n`);
        return after;
      });
      last = written.catch(() => {});
      return written;
    },
  };
}
