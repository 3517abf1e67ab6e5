import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';

import { environment } from './environment.ts';
import { withoutInheritedFiles } from './inherited-files.ts';

/**
 * Starts commands by way of a small process of its own. Starting one costs as much as the starter is large: fork(2)
 * copies its page tables, which takes 2 ms in a process of 50 MB and 13 ms in one of 350 MB, and nothing else goes on
 * here meanwhile. A lab's checks start hundreds.
 */
export function launch(argv: readonly string[], { hasInput }: { hasInput: boolean }): Launched {
  launcher ??= startLauncher();
  return launcher.launch(argv, hasInput);
}

/** A command in a process group of its own, as Node's ChildProcess has it; `exit` and `close` come with code and signal. */
export class Launched extends EventEmitter<{
  error: [Error];
  exit: [number | null, NodeJS.Signals | null];
  close: [number | null, NodeJS.Signals | null];
}> {
  /** Null when it was started without. */
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Nobody here knows it. */
  readonly pid: undefined;
  readonly #tell: (order: Order) => void;

  constructor(hasInput: boolean, tell: (order: Order) => void) {
    super();
    this.#tell = tell;
    const output = (stream: 'stdout' | 'stderr'): Readable =>
      new Readable({
        read: () => {},
        destroy: (error, done) => {
          tell({ order: 'hangUp', stream });
          done(error);
        },
      });
    this.stdout = output('stdout');
    this.stderr = output('stderr');
    this.stdin = hasInput
      ? new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            tell({ order: 'write', data: chunk.toString('base64') });
            done();
          },
          final: (done) => {
            tell({ order: 'end' });
            done();
          },
        })
      : null;
  }

  /** To all of its process group. */
  signal(signal: NodeJS.Signals): void {
    this.#tell({ order: 'signal', signal });
  }

  /** Takes what the launcher says of it. */
  hear(news: News): void {
    if ('data' in news) this[news.stream].push(Buffer.from(news.data, 'base64'));
    else if ('error' in news) this.emit('error', new Error(news.error));
    else if ('exit' in news) this.emit('exit', news.exit.code, news.exit.signal);
    else void this.#close(news.close);
  }

  async #close({ code, signal }: End): Promise<void> {
    const streams = [this.stdout, this.stderr];
    for (const stream of streams) stream.push(null);
    await Promise.all(streams.map((stream) => finished(stream).catch(() => {})));
    this.emit('close', code, signal);
  }
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

type Order =
  | { readonly order: 'write'; readonly data: string }
  | { readonly order: 'end' }
  | { readonly order: 'hangUp'; readonly stream: 'stdout' | 'stderr' }
  | { readonly order: 'signal'; readonly signal: NodeJS.Signals };

type News =
  | { readonly stream: 'stdout' | 'stderr'; readonly data: string }
  | { readonly error: string }
  | { readonly exit: End }
  | { readonly close: End };

interface Launcher {
  launch(argv: readonly string[], hasInput: boolean): Launched;
}

/** One for this process, started when it is first needed. */
let launcher: Launcher | undefined;

function startLauncher(): Launcher {
  const running = new Map<number, Launched>();
  const child = startScript();
  const { stdin, stdout } = child;
  const tell = (message: object): void => void stdin.write(`${JSON.stringify(message)}\n`);
  stdin.on('error', () => {});
  createInterface({ input: stdout }).on('line', (line) => {
    const { id, ...news } = JSON.parse(line) as News & { id: number };
    running.get(id)?.hear(news);
    if ('close' in news) leave(id);
  });
  child.once('close', () => {
    launcher = undefined;
    for (const command of running.values()) {
      command.hear({ error: 'the process that starts commands on the nodes has ended' });
      command.hear({ close: { code: null, signal: null } });
    }
    running.clear();
  });

  // It keeps us alive only while something runs.
  const keep = (alive: boolean): void => {
    for (const it of [child, stdin as Socket, stdout as Socket]) {
      if (alive) it.ref();
      else it.unref();
    }
  };
  const leave = (id: number): void => {
    running.delete(id);
    if (running.size === 0) keep(false);
  };

  let last = 0;
  return {
    launch: (argv, hasInput) => {
      last += 1;
      const id = last;
      const command = new Launched(hasInput, (order) => tell({ id, ...order }));
      running.set(id, command);
      keep(true);
      tell({ id, order: 'start', argv, hasInput });
      return command;
    },
  };
}

function startScript(): ChildProcess & { readonly stdin: Writable; readonly stdout: Readable } {
  const script = fileURLToPath(new URL('./launcher.mjs', import.meta.url));
  const [file = '', ...rest] = withoutInheritedFiles([process.execPath, script]);
  return spawn(file, rest, {
    stdio: ['pipe', 'pipe', 'inherit'],
    // In Electron `process.execPath` is Electron.
    env: environment({ ELECTRON_RUN_AS_NODE: '1' }),
    // Ctrl-C in our terminal is for us.
    detached: true,
  });
}
