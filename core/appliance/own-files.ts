import { lstat, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import type { BuildOptions } from '../image/build.ts';
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
  { signal, onProgress }: BuildOptions = {},
): Promise<Overlay> {
  const source = loadOverlay(resolve(folder), appliance.topology);
  if (source.templates.length === 0) return source;
  const image = await appliance.image({ signal, onProgress });
  onProgress?.(`rendering ${source.templates.length} ${source.templates.length === 1 ? 'template' : 'templates'}`);
  return renderOverlay(source, appliance.plan, templateEngine(image, { signal }));
}

/**
 * Throws a LabError unless files may be written below `folder`: it is empty, so that nothing is overwritten, or can be
 * made, and does not lie in the folder that is read.
 */
export async function requireOutput(folder: string, source: string): Promise<void> {
  const [target, from] = [resolve(folder), resolve(source)];
  if (target === from || target.startsWith(`${from}/`))
    throw new LabError(
      'usage',
      `${folder} lies in ${source}: what is written there would be read as a file of a node`,
      {
        hint: 'name a folder beside it',
      },
    );
  const status = await lstat(target).catch(() => undefined);
  const there = status === undefined ? [] : await readdir(target).catch(() => undefined);
  if (there === undefined) throw new LabError('usage', `${folder} is no folder that can be read`);
  if (there.length > 0)
    throw new LabError('usage', `${folder} is not empty, and nothing in it is overwritten`, {
      hint: 'name a folder that is not there yet',
    });
}

/** Writes files below a folder as they would lie on their nodes. Nothing that is there is written over. */
export async function writeFiles(files: readonly ConfigFile[], folder: string): Promise<void> {
  for (const { path, content, executable } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: executable === true ? 0o755 : 0o644, flag: 'wx' });
  }
}
