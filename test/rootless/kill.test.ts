import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { mustRun } from '#core/exec/command.ts';
import { productFolder, resolvePaths } from '#core/exec/paths.ts';
import { mustRunInUserNamespace } from '#core/exec/user-namespace.ts';
import { buildImage } from '#core/image/build.ts';
import { readRecipe } from '#core/image/recipe.ts';
import type { Image } from '#core/image/store.ts';
import { openWorkspace } from '#core/workspace/workspace.ts';

import { type Home, makeHome } from '../cli/breakwater.ts';
import { awaitState } from './await-state.ts';

const rounds = Number(process.env['BREAKWATER_KILL_ROUNDS'] ?? 6);
const lab = 'filtering/ingress-source';
const other = 'routing/bgp-authentication';

/** What is being done when death comes, and how long it usually takes: the moment is anywhere in it. */
const deeds = [
  { title: 'up', args: ['up', lab], running: false, lastsMs: 4000 },
  { title: 'check', args: ['check', '--no-restart'], running: true, lastsMs: 4000 },
  { title: 'lab change', args: ['up', other], running: true, lastsMs: 4000 },
  { title: 'down', args: ['down'], running: true, lastsMs: 500 },
] as const;

/** Who dies: the command alone, all that it started, or the sandbox along with it. */
const victims = ['command', 'group', 'group and keeper', 'group and holder'] as const;

let home: Home;
let image: Image;
beforeAll(async () => {
  home = await makeHome();
  image = await buildImage({ folder: resolvePaths().cache }, await readRecipe(join(productFolder(), 'image')));
});
afterAll(async () => home?.remove());

test(
  `kill -9 at any moment, ${rounds} times: nothing is left, no edit is lost, and the next up works`,
  { timeout: rounds * 60_000 },
  async () => {
    await mustSucceed('up', lab);
    // What is to be missed later is seen now.
    expect(home.processes().length).toBeGreaterThan(20);
    expect(readdirSync(home.runtime)).toEqual(['isp']);
    await mustSucceed('down');
    const before = await whatThereIs();
    expect(await everywhereInTheWorkspace('edit-never-made')).toBe(false);
    const deaths = { late: 0, ...Object.fromEntries(deeds.map(({ title }) => [title, 0])) } as Record<string, number>;
    const lasts = new Map<string, number>(deeds.map(({ title, lastsMs }) => [title, lastsMs]));

    for (let round = 0; round < rounds;) {
      expect(deaths['late']).toBeLessThan(2 * rounds);
      const deed = deeds[round % deeds.length]!;
      const victim = victims[Math.floor(round / deeds.length) % victims.length]!;
      if (deed.running) await mustSucceed('up', lab);
      const edit = `edit-${round}-${Math.random().toString(36).slice(2)}`;
      writeFileSync(join(workspaceFolder(), 'configs', 'pe1', 'etc', 'motd'), `${edit}\n`);

      const child = home.start(...deed.args);
      const began = performance.now();
      const moment = Math.random() * lasts.get(deed.title)!;
      // The moment of death is what is random here; nothing is awaited.
      await Promise.race([pause(moment), once(child, 'exit')]);
      const inTime = child.exitCode === null;
      deaths[inTime ? deed.title : 'late']! += 1;
      // A death that came too late is tried again, and tells how long that lasts here.
      if (inTime) round += 1;
      else lasts.set(deed.title, performance.now() - began);
      if (inTime) kill(child, victim);
      await (child.exitCode ?? child.signalCode ?? once(child, 'exit'));

      const where = `round ${round}: ${victim} at ${Math.round(moment)} ms of ${deed.title}`;
      const down = await home.run('down');
      expect(down, where).toMatchObject({ exitCode: 0 });
      // What had no parent to wait for it ends by itself: its input is closed, or its work is done.
      await awaitState(async () => expect(home.processes().map(describe), where).toEqual([]), 20_000);
      expect(await whatThereIs(), where).toEqual(before);
      expect(await everywhereInTheWorkspace(edit), where).toBe(true);
    }
    await mustSucceed('up', lab);
    await mustSucceed('down');
    process.stdout.write(`deaths: ${JSON.stringify(deaths)}\n`);
  },
);

async function mustSucceed(...args: string[]): Promise<void> {
  const { exitCode, stderr } = await home.run(...args);
  expect(exitCode, `${args.join(' ')}: ${stderr}`).toBe(0);
}

function kill(child: ChildProcess, victim: (typeof victims)[number]): void {
  const { keeper, holder } = stateOf();
  const pids = {
    command: [child.pid],
    group: [-child.pid!],
    'group and keeper': [-child.pid!, keeper?.pid],
    'group and holder': [-child.pid!, holder?.pid],
  }[victim];
  for (const pid of pids) {
    if (pid === undefined) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function stateOf(): { keeper?: { pid: number }; holder?: { pid: number } } {
  const file = join(home.runtime, 'isp', 'state.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** All that a network could leave outside its workspace. */
async function whatThereIs(): Promise<object> {
  const say = async (...argv: string[]): Promise<string> => (await mustRun(argv)).stdout;
  return {
    links: await say('ip', '-br', 'link'),
    namespaces: await say('ip', 'netns'),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
    crun: ['/run/crun', join(home.folder, 'run', 'crun')].map((folder) => existsSync(folder)),
    runtime: readdirSync(home.runtime),
    transient: existsSync(join(home.state, 'transient')) ? readdirSync(join(home.state, 'transient')) : [],
    image: await imageDigest(),
  };
}

/** Names, sizes, modes, owners and times of everything in the image, in one number. */
async function imageDigest(): Promise<string> {
  const script = 'find "$@" -printf "%p %s %m %U %G %T@ %l\\n" | sort | sha256sum';
  return (await mustRunInUserNamespace(['sh', '-c', script, 'sh', ...image.layers])).stdout;
}

function workspaceFolder(): string {
  return join(home.state, 'workspaces', 'isp');
}

/** True when some configuration that the workspace ever kept, or the one that stands there, has the text. */
async function everywhereInTheWorkspace(text: string): Promise<boolean> {
  const workspace = await openWorkspace(workspaceFolder());
  const trees = [await workspace.current(), ...(await workspace.snapshots()).map(({ tree }) => tree)];
  const { stdout } = await mustRunInUserNamespace(
    ['sh', '-c', 'git --git-dir store.git grep -l -e "$@" || true', 'sh', text, ...trees],
    { cwd: workspaceFolder() },
  );
  return stdout !== '';
}

function describe(pid: number): string {
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`;
  } catch {
    return `${pid}`; // It ended while we looked.
  }
}
