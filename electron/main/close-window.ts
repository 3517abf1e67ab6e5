import type { BrowserWindow } from 'electron/main';

import { down } from '#core/appliance/down.ts';
import { type Desk, traineeNetwork } from './desk.ts';
import { closeDemo } from './handlers/demo.ts';
import { askWhenClosing } from './person.ts';

/** Closing takes its time: the person is asked what becomes of a running network, and work that goes on ends properly. */
export function closeWindow(desk: Desk, window: BrowserWindow, whenDone: () => void): void {
  let closing = false;
  const close = (ask: boolean): void => {
    if (closing) return;
    closing = true;
    void windUp(desk, window, ask)
      .then((done) => {
        if (!done) return;
        window.destroy();
        whenDone();
      })
      .finally(() => (closing = false));
  };
  window.on('close', (event) => {
    event.preventDefault();
    close(true);
  });
  // Whoever ends us from outside is not there to be asked.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => close(false));
}

/** False when the person would rather stay. */
async function windUp(desk: Desk, window: BrowserWindow, ask: boolean): Promise<boolean> {
  const { appliance, truth, terminals, preferences } = desk;
  const { network } = truth.snapshot();
  const { whenClosing } = ask ? await preferences.read() : { whenClosing: 'keep' as const };
  const answer =
    network !== null && whenClosing === 'ask'
      ? await askWhenClosing(window, network.lab ?? 'The reference ISP')
      : { choice: whenClosing, always: false };
  if (answer === undefined) return false;
  if (answer.always) await preferences.write({ whenClosing: answer.choice });
  terminals.closeAll();
  await truth.cancel();
  await closeDemo(desk);
  if (network !== null && answer.choice === 'down')
    await truth.during('network.down', () => down(appliance, traineeNetwork));
  return true;
}
