// Starts commands for the process that started it; launcher.ts has the other side and says why. Orders come as
// lines of JSON on standard input, and what the commands say goes out in the same way. It leaves when its input
// closes, which is when that process is gone; who was listening to a command's input hears of it then.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { closeOutputAfterExit } from './close-output.mjs';

// For us alone, where we are Electron.
delete process.env['ELECTRON_RUN_AS_NODE'];

const running = new Map();

const orders = {
  start({ id, argv: [file, ...rest], hasInput }) {
    const child = spawn(file, rest, { stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'], detached: true });
    running.set(id, child);
    closeOutputAfterExit(child);
    for (const stream of ['stdout', 'stderr'])
      child[stream].on('data', (chunk) => tell({ id, stream, data: chunk.toString('base64') }));
    // The other side may be gone before we are done writing; its exit code says so, not the pipe.
    child.stdin?.on('error', () => {});
    child.once('error', ({ message }) => tell({ id, error: message }));
    child.once('exit', (code, signal) => tell({ id, exit: { code, signal } }));
    child.once('close', (code, signal) => {
      running.delete(id);
      tell({ id, close: { code, signal } });
    });
  },
  write: ({ id, data }) => running.get(id)?.stdin?.write(Buffer.from(data, 'base64')),
  end: ({ id }) => running.get(id)?.stdin?.end(),
  hangUp: ({ id, stream }) => running.get(id)?.[stream].destroy(),
  signal: ({ id, signal }) => signalGroup(running.get(id), signal),
};

function signalGroup(child, signal) {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // ESRCH: all of them have ended already.
  }
}

function tell(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { order, ...rest } = JSON.parse(line);
    try {
      orders[order](rest);
    } catch (error) {
      // Arguments that are too long, or no file descriptor left: that is the end of this command, and of no other.
      running.delete(rest.id);
      tell({ id: rest.id, error: error.message });
      tell({ id: rest.id, close: { code: null, signal: null } });
    }
  })
  .on('close', () => {
    // A command without input cannot hear that nobody waits for it any more.
    for (const child of running.values()) if (child.stdin === null) signalGroup(child, 'SIGTERM');
    process.exit();
  });
// Whoever reads us is gone: so is the other end of our input.
process.stdout.on('error', () => {});
