import type { Bridge } from '../../electron/contract/bridge.ts';
import type { ArgumentsOf, CallName, ResultOf } from '../../electron/contract/calls.ts';
import type { TerminalMessage } from '../../electron/contract/terminal.ts';
import { HostError, type LabHost, type TerminalConnection } from './lab-host.ts';

/** The host behind preload's bridge. Main has parsed what comes, so it is taken at its word. */
export function electronHost(bridge: Bridge): LabHost {
  const ports = listenForPorts();
  const call = async <N extends CallName>(name: N, args: ArgumentsOf<N>): Promise<ResultOf<N>> => {
    const answer = await bridge.call(name, args);
    if (!answer.ok) throw new HostError(answer.error);
    return answer.value as ResultOf<N>;
  };
  return {
    call,
    on: (name, listener) => bridge.listen((told, event) => told === name && listener(event as never)),
    async openTerminal(args) {
      const { terminal } = await call('terminal.open', args);
      return connect(terminal, await ports(terminal), call);
    },
  };
}

/** Ports arrive by message, before or after the answer to the call that they belong to. */
function listenForPorts(): (terminal: string) => Promise<MessagePort> {
  const arrived = new Map<string, MessagePort>();
  const awaited = new Map<string, (port: MessagePort) => void>();
  window.addEventListener('message', (event: MessageEvent) => {
    const [port] = event.ports;
    if (event.source !== window || event.data?.type !== 'terminal.port' || port === undefined) return;
    const terminal = String(event.data.terminal);
    const waiting = awaited.get(terminal);
    awaited.delete(terminal);
    if (waiting === undefined) arrived.set(terminal, port);
    else waiting(port);
  });
  return async (terminal) => {
    const port = arrived.get(terminal);
    arrived.delete(terminal);
    return port ?? new Promise((resolve) => awaited.set(terminal, resolve));
  };
}

function connect(terminal: string, port: MessagePort, call: LabHost['call']): TerminalConnection {
  const send = (message: TerminalMessage): void => port.postMessage(message);
  return {
    terminal,
    onBytes(listener) {
      port.addEventListener('message', ({ data }: MessageEvent<Uint8Array>) => {
        listener(data, () => send({ type: 'shown', bytes: data.byteLength }));
      });
      // A port holds its messages back until now.
      port.start();
    },
    write: (text) => send({ type: 'input', text }),
    async resize(columns, rows) {
      await call('terminal.resize', { terminal, columns, rows });
    },
    async close() {
      port.close();
      await call('terminal.close', { terminal });
    },
  };
}
