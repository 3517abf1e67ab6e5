import { join } from 'node:path';

import { app } from 'electron/main';

import { registerScheme, serveApp } from './app-protocol.ts';
import { openWindow } from './window.ts';

registerScheme();
// Not awaited here: Electron is not ready before this module has ended.
void app.whenReady().then(() => {
  serveApp(join(import.meta.dirname, 'renderer'));
  openWindow(import.meta.dirname);
});
