import { join } from 'node:path';

import { app, BrowserWindow, Menu, session } from 'electron/main';

import { pageOrigin } from './page-address.ts';

/** `folder` holds preload.cjs. */
export function openWindow(folder: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 640,
    show: false,
    title: 'Breakwater',
    backgroundColor: '#11151a',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(folder, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${pageOrigin}/index.html`);
  return window;
}

/** Pages stay where they are, open nothing, and are given nothing but the clipboard, which a terminal needs. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  const granted = (permission: string, origin: string): boolean =>
    origin.startsWith(pageOrigin) && /^clipboard-(?:read|sanitized-write)$/.test(permission);
  session.defaultSession.setPermissionRequestHandler((contents, permission, answer) =>
    answer(granted(permission, contents.getURL())),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) => granted(permission, origin));
}

/** No menu is shown. It holds the keys that are the window's own; the usual others would be missing in terminals: Ctrl+R, Ctrl+W. */
export function setKeys(): void {
  const roles = ['zoomIn', 'zoomOut', 'resetZoom', 'togglefullscreen'] as const;
  Menu.setApplicationMenu(Menu.buildFromTemplate([{ label: 'View', submenu: roles.map((role) => ({ role })) }]));
}
