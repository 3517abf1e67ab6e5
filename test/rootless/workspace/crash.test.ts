import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openWorkspace } from '#core/workspace/workspace.ts';
import { files, makeWorkspace, type TemporaryWorkspace } from './temporary-workspace.ts';

let it: TemporaryWorkspace;
beforeEach(async () => {
  it = await makeWorkspace();
});
afterEach(async () => it.remove());

const nodes = ['pe1', 'pe2', 'mx1', 'ns1'];
const long = (line: string): string => `${line}\n`.repeat(5000);
const configuration = (name: string): Record<string, string> =>
  Object.fromEntries([
    ...nodes.map((node) => [`${node}/etc/daemon.conf`, long(name)]),
    ['pe1/etc/notes', long(`notes of ${name}`)],
  ]);

test(
  'kill -9 at any moment loses no edit, leaves no half file, and the next opening works',
  { timeout: 180_000 },
  async () => {
    const one = await it.workspace.importTree(files(configuration('one')));
    const other = await it.workspace.importTree(files(configuration('other')));
    await it.workspace.checkout(one, 'start');
    const saved: number[] = [];

    for (let round = 0; round < 30; round += 1) {
      const child = startEditing([it.folder, one, other, String(round * 1000)]);
      let said = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      await once(child.stdout!, 'data');
      // The moment of death is what is random here; nothing is awaited.
      await pause(Math.random() * 150);
      killAll(child, round);
      await once(child, 'close');
      saved.push(
        ...said
          .split('\n')
          .flatMap((line) => /^saved (\d+)$/.exec(line)?.[1] ?? [])
          .map(Number),
      );

      const workspace = await openWorkspace(it.folder);
      await workspace.snapshot(`after death ${round}`);
      for (const node of nodes) {
        expect([long('one'), long('other')]).toContain((await workspace.readFile(`${node}/etc/daemon.conf`)).content);
      }
    }

    expect(saved.length).toBeGreaterThanOrEqual(30);
    const kept = await everyVersionOf('pe1/etc/notes');
    expect(saved.filter((number) => !kept.has(`edit ${number}`))).toEqual([]);
    expect(await it.onNode('git --git-dir ../store.git fsck --strict --no-dangling 2>&1')).not.toMatch(
      /error|missing|corrupt/,
    );
  },
);

test('a reader finds the old file or the new one at every moment, never none and never half of one', async () => {
  const large = (letter: string): string => letter.repeat(2_000_000);
  const one = await it.workspace.importTree(files({ 'pe1/etc/large': large('1') }));
  const other = await it.workspace.importTree(files({ 'pe1/etc/large': large('2') }));
  await it.workspace.checkout(one, 'start');
  const whole = new Set([large('1'), large('2')]);

  const state = { switching: true };
  const switches = (async () => {
    for (let count = 0; count < 10; count += 1) await it.workspace.checkout(count % 2 === 0 ? other : one, 'switch');
    state.switching = false;
  })();
  let reads = 0;
  for (; state.switching; reads += 1) {
    expect(whole.has(await readFile(join(it.workspace.configs, 'pe1/etc/large'), 'latin1'))).toBe(true);
  }
  await switches;
  expect(reads).toBeGreaterThan(50);
});

test('commands at the same time wait for each other, and of several saves against one version one wins', async () => {
  const one = await it.workspace.importTree(files(configuration('one')));
  const other = await it.workspace.importTree(files(configuration('other')));
  await it.workspace.checkout(one, 'start');
  const { blob } = await it.workspace.readFile('pe1/etc/notes');

  const saves = await Promise.allSettled(
    Array.from({ length: 6 }, async (_, index) =>
      (await openWorkspace(it.folder)).writeFile('pe1/etc/notes', `save ${index}\n`, blob),
    ),
  );
  expect(saves.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const conflict = { name: 'ConflictError', base: long('notes of one') };
  expect(saves.flatMap((save) => (save.status === 'rejected' ? [save.reason] : []))).toMatchObject(
    Array.from({ length: 5 }, () => conflict),
  );

  await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const workspace = await openWorkspace(it.folder);
      await workspace.checkout(index % 2 === 0 ? one : other, `switch ${index}`);
    }),
  );
  expect([one, other]).toContain(await it.workspace.current());
  expect(await it.workspace.snapshots()).toHaveLength(1);
});

test('a command that finds the workspace busy waits, and the lock of a killed one is free', async () => {
  const holder = spawn('flock', [join(it.folder, 'lock'), 'sh', '-c', 'echo held; exec sleep 60'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(holder.stdout, 'data');
  let done = false;
  const waiting = it.workspace.current().then(() => {
    done = true;
  });
  await Promise.race([waiting, pause(300)]);
  expect(done).toBe(false);
  process.kill(-holder.pid!, 'SIGKILL');
  await waiting;
});

test('an edit saved after we looked and before we write is kept as well', async () => {
  const one = await it.workspace.importTree(files(configuration('one')));
  const other = await it.workspace.importTree(files(configuration('other')));
  await it.workspace.checkout(one, 'start');
  // Somebody saves at the very moment that matters.
  await before(
    'git',
    'case "$1" in checkout-index) echo "late edit" >"$GIT_WORK_TREE/pe1/etc/notes" ;; esac',
    async () => {
      await it.workspace.checkout(other, 'switch');
    },
  );
  expect(await it.workspace.current()).toBe(other);
  expect(await everyVersionOf('pe1/etc/notes')).toContain('late edit');
});

test('a switch that was killed half-way is finished at the next opening, and edits made since then stay', async () => {
  const one = await it.workspace.importTree(files(configuration('one')));
  const other = await it.workspace.importTree(files(configuration('other')));
  await it.workspace.checkout(one, 'start');
  await it.onNode(makeOddNames);
  await before('mv', 'if [ -e count ]; then kill -9 $PPID; exit; fi; echo >count', async () => {
    const begun = it.workspace.begin({ lab: 'mail/open-relay', baseline: one, solution: one, start: other }, 'switch');
    await expect(begun).rejects.toThrow('switching the configuration failed');
  });
  await it.onNode('rm count');
  await it.onNode(makeOddNames);
  const halfWay = await it.workspace.changes(one, await it.workspace.current());
  expect(halfWay.filter(({ path }) => path.endsWith('daemon.conf')).map(({ path }) => path)).toEqual([
    'mx1/etc/daemon.conf',
  ]);

  await it.onNode('echo "my edit" >pe2/etc/daemon.conf');
  const workspace = await openWorkspace(it.folder);
  expect(await workspace.changes(other, await workspace.current())).toEqual([
    { path: 'pe2/etc/daemon.conf', status: 'modified' },
  ]);
  expect((await workspace.readFile('pe2/etc/daemon.conf')).content).toBe('my edit\n');

  expect(await it.onNode('ls')).toBe('mx1\nns1\npe1\npe2\n');
  expect(await workspace.start()).toEqual({ lab: 'mail/open-relay', baseline: one, solution: one, start: other });

  await it.onNode('echo "later edit" >pe1/etc/daemon.conf');
  await openWorkspace(it.folder);
  expect((await workspace.readFile('pe1/etc/daemon.conf')).content).toBe('later edit\n');
});

describe('a folder that becomes a link between our look at it and its use', () => {
  /** Of somebody else, and open to everybody. */
  let outside = '';
  beforeEach(async () => {
    outside = await mkdtemp(join(tmpdir(), 'breakwater-outside-'));
    await chmod(outside, 0o777);
    await writeFile(join(outside, 'notes'), 'a secret\n');
  });
  afterEach(async () => rm(outside, { recursive: true }));
  const swap = (): string => `[ -L pe1/etc ] || { mv pe1/etc aside; ln -s ${outside} pe1/etc; }`;

  test('leads no writing out of the workspace', async () => {
    const one = await it.workspace.importTree(files(configuration('one')));
    const other = await it.workspace.importTree(files(configuration('other')));
    await it.workspace.checkout(one, 'start');
    await before('mv', `PATH=\${PATH#*:}; case $* in *pe1/etc*) ${swap()} ;; esac`, async () => {
      await expect(it.workspace.checkout(other, 'switch')).rejects.toThrow();
    });
    expect(await it.onNode('ls -d pe1/etc/')).toBe('pe1/etc/\n');
    expect(await readdir(outside)).toEqual(['notes']);
    expect(await readFile(join(outside, 'notes'), 'utf8')).toBe('a secret\n');
  });

  test('leads no reading out of it', async () => {
    await it.workspace.checkout(await it.workspace.importTree(files(configuration('one'))), 'start');
    await before('git', `case $1 in hash-object) ${swap()} ;; esac`, async () => {
      await expect(it.workspace.writeFile('pe1/etc/notes', 'mine\n')).rejects.toThrow();
    });
    expect(await it.onNode('ls -d pe1/etc/')).toBe('pe1/etc/\n');
    const secret = 'git --git-dir ../store.git cat-file -e $(git hash-object --stdin) && echo there || echo nowhere';
    expect(await it.onNode(`echo "a secret" | ${secret}`)).toBe('nowhere\n');
  });
});

test('Ctrl-C during a switch leaves the old configuration or the new one', async () => {
  const one = await it.workspace.importTree(files(configuration('one')));
  const other = await it.workspace.importTree(files(configuration('other')));
  await it.workspace.checkout(one, 'start');
  await before('mv', 'kill -INT $PPID; kill -TERM $PPID', async () => it.workspace.checkout(other, 'switch'));
  expect(await it.workspace.current()).toBe(other);
});

/** Names that a shell would run, were they ever taken for code. */
const makeOddNames = String.raw`cd ns1/etc; : >'$(touch pwned)'; : >'] || touch pwned; [ x'; : >'a[$(touch pwned)]"'; : >'\`touch pwned\`'`;

/** Runs the real `command`, but shell code before it each time. */
async function before(command: string, code: string, run: () => Promise<unknown>): Promise<void> {
  await it.onNode(`
    mkdir ../bin; cat >../bin/${command} <<'END'
#!/bin/sh
${code}
PATH=\${PATH#*:} exec ${command} "$@"
END
    chmod +x ../bin/${command}`);
  const path = process.env['PATH'];
  process.env['PATH'] = `${it.folder}/bin:${path}`;
  try {
    await run();
  } finally {
    process.env['PATH'] = path;
  }
}

function startEditing(args: readonly string[]): ChildProcess {
  const script = join(import.meta.dirname, 'keep-editing.ts');
  return spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** All of it at once, or the program alone: then git goes on by itself while the next command starts. */
function killAll(child: ChildProcess, round: number): void {
  if (child.pid === undefined) throw new Error('it did not start');
  process.kill(round % 3 === 0 ? child.pid : -child.pid, 'SIGKILL');
}

/** First lines of a file in all snapshots and in the working tree. */
async function everyVersionOf(path: string): Promise<Set<string>> {
  const trees = [await it.workspace.current(), ...(await it.workspace.snapshots()).map(({ tree }) => tree)];
  const lines = await it.onNode(
    `for tree in ${trees.join(' ')}; do git --git-dir ../store.git cat-file blob $tree:${path} | head -n 1; done`,
  );
  return new Set(lines.split('\n'));
}
