import { existsSync, type FSWatcher, watch } from 'node:fs';

import { configPathProblem } from '#core/model/config-file.ts';

/**
 * Tells of configuration files that somebody saves, whoever it is; many at once are told together. A
 * folder that cannot be watched is no error: the editor looks again when it is opened.
 */
export function watchConfigurations(folder: string, tell: (paths: string[]) => void): () => void {
  if (!existsSync(folder)) return () => {};
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    tell([...changed]);
    changed.clear();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(folder, { recursive: true }, (_event, path) => {
      if (path === null || configPathProblem(path) !== undefined) return;
      changed.add(path);
      timer ??= setTimeout(flush, 150);
    });
    watcher.on('error', () => {});
  } catch {
    // Too many watches, or a folder of a sub-id that we may not read.
  }
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}
