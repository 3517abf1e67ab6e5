import { contextBridge, ipcRenderer } from 'electron/renderer';

import { type Bridge, channels } from '../contract/bridge.ts';

/** All that the page can reach: one call, one stream of events. Main parses what goes through. */
const bridge: Bridge = {
  call: (name, args) => ipcRenderer.invoke(channels.call, name, args),
  listen: (listener) => {
    const hear = (_event: unknown, name: string, event: unknown): void => listener(name, event);
    ipcRenderer.on(channels.event, hear);
    return () => ipcRenderer.off(channels.event, hear);
  },
};
contextBridge.exposeInMainWorld('breakwater', bridge);

// Ports cannot cross the bridge; a message to the page takes them along.
ipcRenderer.on(channels.port, (event, terminal: string) => {
  window.postMessage({ type: 'terminal.port', terminal }, window.location.origin, event.ports);
});
