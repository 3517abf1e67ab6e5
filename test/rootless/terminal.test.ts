import { spawn } from '@lydell/node-pty';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { environment } from '#core/exec/environment.ts';
import type { Network } from '#core/runtime/runtime.ts';

import { awaitState } from './await-state.ts';
import { type Bench, onNode, openBench } from './small-network.ts';

let bench: Bench;
let network: Network;
let ends: (() => void)[] = [];
beforeAll(async () => {
  bench = await openBench();
  network = await bench.deploy('net');
});
afterEach(() => {
  for (const end of ends) end();
  ends = [];
});
afterAll(async () => bench?.remove());

/** A terminal on `left` as the window and the command line open it, on a pty of 24 lines of 80. */
function openTerminal(argv?: readonly string[]) {
  const [file = '', ...rest] = network.node('left').shell(argv);
  const pty = spawn(file, rest, { cols: 80, rows: 24, env: environment({ TERM: 'xterm-256color' }), encoding: null });
  let text = '';
  let exitCode: number | undefined;
  pty.onData((data) => (text += String(data)));
  pty.onExit((ended) => (exitCode = ended.exitCode));
  ends.push(() => pty.kill('SIGKILL'));
  return {
    pty,
    /** What stands in the brackets of a pattern, once it is shown. */
    read: (pattern: RegExp): Promise<string | undefined> =>
      awaitState(async () => {
        expect(text).toMatch(pattern);
        return pattern.exec(text)?.[1];
      }),
    exitCode: (): Promise<number | undefined> =>
      awaitState(async () => {
        expect(exitCode).toBeDefined();
        return exitCode;
      }),
  };
}

test('a terminal has the size of the one outside, and learns a new one', async () => {
  const { pty, read } = openTerminal();
  pty.write('trap "echo changed: \\$(stty size)" WINCH; stty size; tty\r');
  expect(await read(/^(\d+ \d+)\r\n\/dev\/pts\/\d/m)).toBe('24 80');
  pty.resize(133, 41);
  expect(await read(/changed: (4\d+ \d+)/)).toBe('41 133');
  pty.resize(60, 10);
  expect(await read(/changed: (1\d+ \d+)/)).toBe('10 60');
});

test('keys reach what runs in front, and the exit code comes back', async () => {
  const { pty, read, exitCode } = openTerminal();
  pty.write('sed -u s/typed/taken/\r');
  pty.write('typed into it\r');
  await read(/taken into it/);
  pty.write('\x03');
  // What is typed before the signal is taken would be thrown away with it (termios(3), ISIG).
  await read(/\^C[\s\S]*root@left:\S*# $/);
  pty.write('echo "after $?"; exit 9\r');
  expect(await read(/^after (\d+)/m)).toBe('130');
  expect(await exitCode()).toBe(9);
});

test('more than a line may be pasted while much is shown', async () => {
  const { pty, read } = openTerminal();
  pty.write('stty -echo; yes | head -n 200000; cat | wc -c\r');
  pty.write(`${`${'x'.repeat(99)}\r`.repeat(1000)}\x04`);
  expect(await read(/^(\d+)\r?$/m)).toBe('100000');
});

test('a command that is not there ends with 127, as in a shell', async () => {
  const { read, exitCode } = openTerminal(['no-such-command']);
  expect(await read(/no-such-command: (.*?)\r/)).toBe('No such file or directory');
  expect(await exitCode()).toBe(127);
});

test.each(['SIGHUP', 'SIGKILL'])('whoever runs on a terminal that is closed hangs up: %s', async (signal) => {
  const { pty, read } = openTerminal();
  pty.write('sleep 4321 & echo begun; sleep 8765\r');
  await read(/^begun/m);
  pty.kill(signal);
  await awaitState(async () => {
    const left = await onNode(network, 'left', 'pgrep -af "sleep [48]|[/]terminal" || true');
    expect(left).toBe('');
  });
});
