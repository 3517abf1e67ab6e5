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
    showing: (what: RegExp) => awaitState(async () => expect(text).toMatch(what)),
    ended: (code: number) => awaitState(async () => expect(exitCode).toBe(code)),
  };
}

test('a terminal has the size of the one outside, and learns a new one', async () => {
  const { pty, showing } = openTerminal();
  pty.write('trap "echo changed: \\$(stty size)" WINCH; stty size; tty\r');
  await showing(/^24 80\r\n\/dev\/pts\/\d/m);
  pty.resize(133, 41);
  await showing(/changed: 41 133/);
  pty.resize(60, 10);
  await showing(/changed: 10 60/);
});

test('keys reach what runs in front, and the exit code comes back', async () => {
  const { pty, showing, ended } = openTerminal();
  pty.write('sed -u s/typed/taken/\r');
  pty.write('typed into it\r');
  await showing(/taken into it/);
  pty.write('\x03');
  // What is typed before the signal is taken would be thrown away with it (termios(3), ISIG).
  await showing(/\^C[\s\S]*root@left:\S*# $/);
  pty.write('echo "after $?"; exit 9\r');
  await showing(/^after 130/m);
  await ended(9);
});

test('more than a line may be pasted while much is shown', async () => {
  const { pty, showing } = openTerminal();
  pty.write('stty -echo; yes | head -n 200000; cat | wc -c\r');
  pty.write(`${`${'x'.repeat(99)}\r`.repeat(1000)}\x04`);
  await showing(/^100000\r?$/m);
});

test('a command that is not there ends with 127, as in a shell', async () => {
  const { showing, ended } = openTerminal(['no-such-command']);
  await showing(/no-such-command: No such file/);
  await ended(127);
});

test.each(['SIGHUP', 'SIGKILL'])('whoever runs on a terminal that is closed hangs up: %s', async (signal) => {
  const { pty, showing } = openTerminal();
  pty.write('sleep 4321 & echo begun; sleep 8765\r');
  await showing(/^begun/m);
  pty.kill(signal);
  await awaitState(async () => {
    const left = await onNode(network, 'left', 'pgrep -af "sleep [48]|[/]terminal" || true');
    expect(left).toBe('');
  });
});
