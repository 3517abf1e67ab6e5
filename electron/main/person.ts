import { homedir } from 'node:os';
import { join } from 'node:path';

import { shell } from 'electron/common';
import { app, BrowserWindow, dialog } from 'electron/main';

import type { Person } from './desk.ts';

export function personAt(window: BrowserWindow): Person {
  return {
    async chooseFile(name) {
      const documents = app.getPath('documents');
      const { filePath } = await dialog.showSaveDialog(window, { defaultPath: join(documents || homedir(), name) });
      return filePath === '' ? undefined : filePath;
    },
    openLink: (url) => shell.openExternal(url),
    async printPage(url) {
      const page = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
      try {
        await page.loadURL(url);
        return await page.webContents.printToPDF({ printBackground: true, pageSize: 'A4' });
      } finally {
        page.destroy();
      }
    },
  };
}

/** What becomes of the network when the window closes; undefined: the window stays. */
export async function askWhenClosing(
  window: BrowserWindow,
  lab: string,
): Promise<{ choice: 'keep' | 'down'; always: boolean } | undefined> {
  const { response, checkboxChecked } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Breakwater',
    message: `${lab} is still running`,
    detail: 'Kept running, it is found again when the window opens. Taken down, your configuration is kept.',
    buttons: ['Keep it running', 'Take it down', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
    checkboxLabel: 'Do not ask again',
  });
  if (response === 2) return undefined;
  return { choice: response === 1 ? 'down' : 'keep', always: checkboxChecked };
}
