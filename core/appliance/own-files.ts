import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { loadOverlay } from '../load/load-configs.ts';
import type { ConfigFile, Overlay } from '../model/config-file.ts';
import { LabError } from '../model/errors.ts';
import { templateEngine } from '../render/engine.ts';
import { renderOverlay } from '../render/render-overlay.ts';
import type { Appliance } from './appliance.ts';

/**
 * Reads a folder of somebody's own configuration files and renders its templates.
 * @throws DiagnosticsError with every complaint about its files, or about what does not render
 */
export async function readOwnFiles(
  appliance: Appliance,
  folder: string,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (message: string) => void } = {},
): Promise<Overlay> {
  const source = loadOverlay(resolve(folder), appliance.topology);
  if (source.templates.length === 0) return source;
  const image = await appliance.image({
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  onProgress?.(`rendering ${source.templates.length} ${source.templates.length === 1 ? 'template' : 'templates'}`);
  return renderOverlay(source, appliance.plan, templateEngine(image, signal === undefined ? {} : { signal }));
}

/** Throws a LabError unless `folder` is empty or not there, since nothing in it may be overwritten. */
export async function requireEmptyFolder(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new LabError('usage', `${folder} is no folder that can be read`, { cause: error });
  });
  if (there.length > 0)
    throw new LabError('usage', `${folder} is not empty, and nothing in it is overwritten`, {
      hint: 'name a folder that is not there yet',
    });
}

/** Writes files below a folder as they would lie on their nodes. @throws LabError when it is not empty */
export async function writeFiles(files: readonly ConfigFile[], folder: string): Promise<void> {
  await requireEmptyFolder(folder);
  for (const { path, content, executable } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: executable === true ? 0o755 : 0o644, flag: 'wx' });
  }
}
