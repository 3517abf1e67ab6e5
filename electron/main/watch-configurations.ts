import { type FSWatcher, statSync, watch } from 'node:fs';

import { configPathProblem } from '#core/model/config-file.ts';

/**
 * Tells of configuration files that somebody saves, whoever it is; many at once are told together. The
 * folder may not be there yet, or be replaced by another: it is looked for again and again, and found
 * anew with nothing to tell but that all may be different. One that cannot be watched is no error: the
 * editor looks again when it is opened.
 */
export function watchConfigurations(folder: string, tell: (paths: string[]) => void, lookEveryMs = 1000): () => void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  /** Which folder is watched. */
  let watched: string | undefined;
  const flush = (): void => {
    timer = undefined;
    const paths = [...changed];
    changed.clear();
    tell(paths);
  };
  const tellSoon = (): void => void (timer ??= setTimeout(flush, 150));
  const release = (): void => {
    watcher?.close();
    watcher = undefined;
    watched = undefined;
  };
  const look = (): void => {
    const there = identify(folder);
    if (there === watched) return;
    release();
    if (there === undefined) return;
    try {
      watcher = watch(folder, { recursive: true }, (_event, path) => {
        if (path === null || configPathProblem(path) !== undefined) return;
        changed.add(path);
        tellSoon();
      });
      watcher.on('error', release);
      watched = there;
      if (!isFirst) tellSoon();
    } catch {
      // Too many watches, or a folder of a sub-id that we may not read: perhaps later.
    }
  };
  let isFirst = true;
  look();
  isFirst = false;
  const again = setInterval(look, lookEveryMs);
  again.unref();
  return () => {
    clearInterval(again);
    clearTimeout(timer);
    release();
  };
}

/** A folder that was replaced has the same path and is another. */
function identify(folder: string): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}
