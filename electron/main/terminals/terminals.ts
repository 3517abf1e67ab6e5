import type { MessagePortMain } from 'electron/main';
import { type IPty, spawn } from '@lydell/node-pty';

import { environment } from '#core/exec/environment.ts';
import { withoutInheritedFiles } from '#core/exec/inherited-files.ts';
import { LabError } from '#core/model/errors.ts';
import { TerminalMessage } from '../../contract/terminal.ts';
import { createFlow } from './flow.ts';

export interface Terminals {
  /** Runs a command on a pty of its own and joins it to a port; returns its id. */
  open(options: OpenOptions): string;
  /** @throws LabError `unknown-name`. */
  resize(terminal: string, size: { columns: number; rows: number }): void;
  close(terminal: string): void;
  closeAll(): void;
  list(): readonly { readonly terminal: string; readonly node: string }[];
}

export interface OpenOptions {
  readonly node: string;
  readonly argv: readonly string[];
  readonly columns: number;
  readonly rows: number;
  readonly port: MessagePortMain;
  /** A line was handed in, or something like it. */
  readonly onEnter: () => void;
  readonly onEnd: (terminal: string, exitCode: number) => void;
}

export function createTerminals(): Terminals {
  const open = new Map<string, { node: string; pty: IPty }>();
  let count = 0;
  const find = (terminal: string): IPty => {
    const found = open.get(terminal);
    if (found === undefined) throw new LabError('unknown-name', `there is no terminal ${terminal}`);
    return found.pty;
  };
  return {
    open({ node, argv, columns, rows, port, onEnter, onEnd }) {
      count += 1;
      const terminal = `t${count}`;
      const [file = '', ...rest] = withoutInheritedFiles(argv);
      const pty = spawn(file, rest, {
        name: 'xterm-256color',
        cols: columns,
        rows,
        env: environment({ LANG: process.env['LANG'] ?? 'C.UTF-8', TERM: 'xterm-256color' }),
        encoding: null,
      });
      open.set(terminal, { node, pty });
      join(pty, port, onEnter, (exitCode) => {
        open.delete(terminal);
        onEnd(terminal, exitCode);
      });
      return terminal;
    },
    resize: (terminal, { columns, rows }) => find(terminal).resize(columns, rows),
    close: (terminal) => hangUp(find(terminal)),
    closeAll() {
      for (const { pty } of open.values()) hangUp(pty);
    },
    list: () => [...open].map(([terminal, { node }]) => ({ terminal, node })),
  };
}

/** As a closed terminal window does it: whoever ignores that goes on without us. */
function hangUp(pty: IPty): void {
  pty.kill('SIGHUP');
}

/** Bytes from the pty to the port and keys from the port to the pty, until either ends. */
function join(pty: IPty, port: MessagePortMain, onEnter: () => void, onEnd: (exitCode: number) => void): void {
  const flow = createFlow({ pause: () => pty.pause(), resume: () => pty.resume() });
  let waiting: Buffer[] = [];
  const flush = (): void => {
    if (waiting.length === 0) return;
    const bytes = Buffer.concat(waiting);
    waiting = [];
    // A copy of its own: a view would take along all of the pool behind it.
    port.postMessage(new Uint8Array(bytes));
  };
  // `encoding: null` makes it bytes, whatever the type says. What one turn reads goes as one message.
  pty.onData((data) => {
    const bytes = data as unknown as Buffer;
    if (waiting.push(bytes) === 1) setImmediate(flush);
    flow.sent(bytes.length);
  });
  port.on('message', ({ data }) => {
    const message = TerminalMessage.safeParse(data);
    if (!message.success) return;
    if (message.data.type === 'shown') flow.shown(message.data.bytes);
    else {
      pty.write(message.data.text);
      if (/[\r\n]/.test(message.data.text)) onEnter();
    }
  });
  port.on('close', () => hangUp(pty));
  port.start();
  pty.onExit(({ exitCode }) => {
    flush();
    port.close();
    onEnd(exitCode);
  });
}
