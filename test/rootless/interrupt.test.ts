import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { type Home, makeHome, program } from '../cli/breakwater.ts';
import { awaitState } from './await-state.ts';

const lab = 'routing/bgp-authentication';

let home: Home;
beforeAll(async () => {
  home = await makeHome();
});
afterEach(async ({ task }) => {
  // What one test left running is not held against the next.
  if (task.result?.state === 'fail') await home.run('down', '--all');
});
afterAll(async () => home?.remove());

describe('Ctrl-C', () => {
  test.each([
    { command: 'up', args: ['up', lab], when: /laying out/ },
    { command: 'up', args: ['up', lab], when: /creating/ },
    { command: 'up', args: ['up', lab], when: /waiting for services/ },
    { command: 'test', args: ['test', lab], when: /waiting for services/ },
    { command: 'verify', args: ['verify', lab, '--workers', '1'], when: /node image: done/ },
    { command: 'tour', args: ['tour', lab], when: /waiting for services/ },
  ])('during $command at $when takes down what was coming up', async ({ args, when }) => {
    const child = home.start(...args);
    const said = listen(child);
    await said.until(when);
    process.kill(-child.pid!, 'SIGINT');
    expect(await codeOf(child), said.all()).toBe(130);
    expect(said.all()).toMatch(/interrupted/);
    await nothingRuns();
    expect(entries(home.runtime)).toEqual([]);
    expect(entries(join(home.state, 'transient'))).toEqual([]);
  });

  test('during a check ends the check and its attacks, and the network stays', async () => {
    expect(await home.run('up', lab)).toMatchObject({ exitCode: 0 });
    const before = home.processes().length;
    const child = home.start('check');
    const said = listen(child);
    await said.until(/\S/);
    process.kill(-child.pid!, 'SIGINT');
    expect(await codeOf(child), said.all()).toBe(130);
    expect((await home.run('status')).stdout).toContain(lab);
    await awaitState(async () => expect(home.processes().length).toBeLessThanOrEqual(before));
    expect((await home.run('exec', 'br1', '--', 'hostname')).stdout).toBe('br1\n');
  });

  test('during a switch of labs leaves a network that the next command finds whole', async () => {
    expect(await home.run('up', lab)).toMatchObject({ exitCode: 0 });
    const child = home.start('up', 'filtering/ingress-source');
    const said = listen(child);
    await said.until(/bringing up/);
    process.kill(-child.pid!, 'SIGINT');
    expect(await codeOf(child), said.all()).toBe(130);
    expect(await home.run('up', lab)).toMatchObject({ exitCode: 0 });
    expect(await home.run('down')).toMatchObject({ exitCode: 0, stdout: 'isp is down\n' });
    await nothingRuns();
  });

  test('during an image build leaves no half image, no mount and no file', async () => {
    const litter = (): string[] =>
      readdirSync(tmpdir()).filter((name) => /^(mmdebstrap|breakwater-partial)/.test(name));
    const before = litter();
    const fresh = spawn(process.execPath, [program, 'image', 'build'], {
      env: { ...process.env, ...home.env, XDG_CACHE_HOME: join(home.folder, 'cache') },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = listen(fresh);
    await said.until(/packages: \S/);
    process.kill(-fresh.pid!, 'SIGINT');
    expect(await codeOf(fresh), said.all()).toBe(130);
    await nothingRuns();
    expect(litter().filter((name) => !before.includes(name))).toEqual([]);
    for (const kind of ['images', 'packages'])
      expect(entries(join(home.folder, 'cache', 'breakwater', kind))).toEqual([]);
  });

  test('twice leaves at once, and the sandbox ends by itself', async () => {
    const child = home.start('up', lab);
    const said = listen(child);
    await said.until(/starting/);
    process.kill(-child.pid!, 'SIGINT');
    process.kill(-child.pid!, 'SIGTERM');
    expect(await codeOf(child), said.all()).toBe(130);
    await nothingRuns();
    expect(await home.run('status')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('nothing is running'),
    });
    expect(entries(home.runtime)).toEqual([]);
  });

  test.each([100, 0])('gives a terminal of %i columns back with its cursor and its echo', async (columns) => {
    // script(1) gives the command a terminal, and us what it draws there. Its shell is /bin/sh where nobody
    // is logged in, and Ctrl-C ends a dash that waits for a command, unless it is told to go on.
    const command = `trap : INT; stty cols ${columns}; ${process.execPath} ${program} up ${lab}; echo "code $?"; stty -a; echo end`;
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, ...home.env, NO_COLOR: '', TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said = listen(child);
    // A drawn line is drawn anew twelve times a second: a step that is shorter may never be seen.
    await said.until(/bringing up/);
    child.stdin!.write('\u0003');
    await said.until(/^end/m);
    await codeOf(child);
    expect(said.all()).toContain('code 130');
    expect(said.all()).toMatch(/ icanon .* echo /s);
    const hidden = said.all().lastIndexOf('\u001B[?25l');
    expect(said.all().lastIndexOf('\u001B[?25h')).toBeGreaterThanOrEqual(hidden);
    await nothingRuns();
  });
});

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function nothingRuns(): Promise<void> {
  await awaitState(async () => expect(home.processes()).toEqual([]), 20_000);
}

async function codeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** What it says on both streams, and a way to wait until it has said something. */
function listen(child: ChildProcess): { all(): string; until(pattern: RegExp): Promise<void> } {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    all: () => text,
    until: async (pattern) => {
      await awaitState(async () => {
        if (child.exitCode === null) expect(text.slice(-2000)).toMatch(pattern);
      }, 40_000);
      expect(text).toMatch(pattern);
    },
  };
}
