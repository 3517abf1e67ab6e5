import { join } from 'node:path';

import { app, type BrowserWindow, dialog, ipcMain, MessageChannelMain, powerMonitor } from 'electron/main';

import { openAppliance, workspaceFolder } from '#core/appliance/appliance.ts';
import product from '../../package.json' with { type: 'json' };
import { channels } from '../contract/bridge.ts';
import { answer } from './answer.ts';
import { registerScheme, serveApp } from './app-protocol.ts';
import { pageOrigin } from './page-address.ts';
import { closeWindow } from './close-window.ts';
import { type Desk, traineeNetwork } from './desk.ts';
import { createHandlers } from './handlers/handlers.ts';
import { reportPage } from './handlers/report.ts';
import { lookForChanges, refreshNetwork } from './network-state.ts';
import { personAt } from './person.ts';
import { openPreferences } from './preferences-file.ts';
import { createTerminals } from './terminals/terminals.ts';
import { checkedTell, createTruth } from './truth.ts';
import { watchVerdicts, witnessOf } from './verdicts.ts';
import { watchConfigurations } from './watch-configurations.ts';
import { confinePages, openWindow, setKeys } from './window.ts';

registerScheme();
if (app.requestSingleInstanceLock()) {
  // Not awaited here: Electron is not ready before this module has ended.
  void app.whenReady().then(start).catch(giveUp);
} else app.quit();

async function start(): Promise<void> {
  confinePages();
  setKeys();
  const desk: Promise<Desk> = openAppliance(product.version).then((appliance) => {
    const tell = checkedTell((name, event) => {
      if (!window.isDestroyed()) window.webContents.send(channels.event, name, event);
    });
    const truth = createTruth(product.version, tell);
    return {
      appliance,
      tell,
      truth,
      verdicts: watchVerdicts(witnessOf(appliance, traineeNetwork), truth),
      preferences: openPreferences(join(app.getPath('userData'), 'preferences.json')),
      terminals: createTerminals(),
      person: personAt(window),
      openPort() {
        const { port1, port2 } = new MessageChannelMain();
        return {
          port: port1,
          handOver: (terminal) => window.webContents.postMessage(channels.port, terminal, [port2]),
        };
      },
      demo: undefined,
      runEvents: [],
    };
  });
  const handlers = desk.then(createHandlers);
  serveApp(join(import.meta.dirname, 'renderer'), async (run) => reportPage(await desk, run));
  ipcMain.handle(channels.call, async ({ senderFrame }, name: unknown, args: unknown) =>
    senderFrame === window.webContents.mainFrame && senderFrame.url.startsWith(`${pageOrigin}/`)
      ? answer(await handlers, name, args)
      : { ok: false, error: { code: 'foreign-sender', message: 'only the page of the window is answered' } },
  );
  const window = openWindow(import.meta.dirname);
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  live(await desk, window);
}

/** What happens by itself while the window is open. */
function live(desk: Desk, window: BrowserWindow): void {
  const { appliance, tell, terminals, verdicts } = desk;
  const look = (): void => void verdicts.look().catch(() => {});
  const refresh = (): void => void refreshNetwork(desk).then(look, () => {});
  void refreshNetwork(desk)
    .then(() => verdicts.recall())
    .catch(() => {});
  window.on('focus', refresh);
  powerMonitor.on('resume', refresh);
  const timer = setInterval(() => void lookForChanges(desk).catch(() => {}), 4000);
  const unwatch = watchConfigurations(join(workspaceFolder(appliance, traineeNetwork), 'configs'), (paths) => {
    tell('config.changed', { paths });
    look();
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    terminals.closeAll();
    if (reason !== 'clean-exit') window.reload();
  });
  closeWindow(desk, window, () => {
    clearInterval(timer);
    unwatch();
    app.quit();
  });
}

function giveUp(error: unknown): void {
  dialog.showErrorBox(
    'Breakwater cannot start',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  app.exit(3);
}
