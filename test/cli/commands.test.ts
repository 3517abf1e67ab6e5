import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { productFolder } from '#core/exec/paths.ts';

import { type Ended, type Home, makeHome, program } from './breakwater.ts';

let home: Home;
beforeAll(async () => {
  home = await makeHome();
});
afterAll(async () => home?.remove());

describe('help', () => {
  test('names every command, and every command has its own', async () => {
    const { stdout, stderr, exitCode } = await home.run('--help');
    expect([exitCode, stderr]).toEqual([0, '']);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)(?: .*)?$/gm)]
      .map(([, name]) => name!)
      .filter((name) => !['breakwater', 'help'].includes(name));
    expect(commands.length).toBeGreaterThan(20);
    const lines = [...commands.map((name) => [name]), ['image', 'build'], ['image', 'export']];
    const helps = await Promise.all(lines.map(async (line) => ({ line, ...(await home.run(...line, '--help')) })));
    for (const { line, ...help } of helps) {
      expect(help, line.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
      expect(help.stdout).toContain(`Usage: breakwater ${line.join(' ')}`);
    }
  });

  test('does not depend on anything: not on labs, not on an image, not on a home', async () => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', XDG_STATE_HOME: '/nonexistent' };
    const child = spawn(process.execPath, [program, 'up', '--help'], { env, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe.concurrent('exit code', () => {
  test.each([
    ['0', 'labs'],
    ['0', 'status'],
    ['0', 'down'],
    ['2', ''],
    ['2', 'no-such-command'],
    ['2', 'up --no-such-option'],
    ['2', 'up one two'],
    ['2', 'exec'],
    ['2', 'image export'],
    ['2', 'image no-such-command'],
    ['2', 'up --name ../elsewhere'],
    ['2', 'up no-such-lab'],
    ['2', 'brief no-such-lab'],
    ['2', 'verify no-such-lab'],
    ['2', 'verify --workers 0'],
    ['2', 'verify --shard 3/2'],
    ['2', 'facts no-such-node'],
    ['2', 'test --reporter no-such-reporter'],
    ['2', 'test --configs /no/such/folder'],
    ['2', 'capture pe1'],
    ['2', 'validate no-such-file'],
    ['3', 'check'],
    ['3', 'exec br1 -- true'],
    ['3', 'shell br1'],
    ['3', 'hint'],
    ['3', 'brief'],
    ['3', 'diff'],
    ['3', 'reset'],
    ['3', 'solve'],
  ])('%s ends `breakwater %s` where nothing runs', async (code, line) => {
    const { exitCode, stdout, stderr } = await home.run(...line.split(' ').filter(Boolean));
    expect([exitCode, stderr]).toEqual([Number(code), expect.any(String)]);
    // Whoever reads stdout by a program gets results there or nothing.
    if (code !== '0') expect(stdout).toBe('');
    else expect(stderr).toBe('');
    expect(stderr).not.toMatch(/fault of breakwater|\bat .*:\d+:\d+\)/);
  });
});

describe.concurrent('what does not work says what to do next', () => {
  test.each([
    ['up filtering/ingres-source', 'did you mean filtering/ingress-source?'],
    ['up ingress-sorce', 'did you mean filtering/ingress-source?'],
    ['up nothing-like-it-at-all', 'hint: breakwater labs'],
    ['check', 'hint: breakwater up LAB'],
    ['check --name two', 'hint: breakwater up --name two LAB'],
    ['diff --name two', 'hint: breakwater up --name two LAB'],
    ['facts pe9', 'one of br1 '],
    ['exec', 'breakwater exec --help'],
    ['snapshots --restore 20200101-000000-000000', 'breakwater snapshots'],
  ])('`breakwater %s`', async (line, next) => {
    expect((await home.run(...line.split(' '))).stderr).toContain(next);
  });
});

describe.concurrent('listings', () => {
  test.each(['labs', 'status', 'snapshots', 'coverage', 'facts', 'facts br1', 'doctor'])(
    '`breakwater %s --json` is data and nothing else',
    async (line) => {
      const { stdout, stderr } = await home.run(...line.split(' '), '--json');
      expect(JSON.parse(stdout)).toBeTypeOf('object');
      expect(stderr).toBe('');
    },
  );

  test('have no colour in a pipe, and colour where it is asked for', async () => {
    const run = async (env: Record<string, string>): Promise<string> => {
      const child = spawn(process.execPath, [program, 'doctor'], {
        env: { ...process.env, ...home.env, NO_COLOR: '', ...env },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await once(child, 'close');
      return text;
    };
    expect(await run({})).not.toContain('\u001B[');
    expect(await run({ FORCE_COLOR: '1' })).toContain('\u001B[32m');
    expect(await run({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toContain('\u001B[');
  });
});

describe('a pipe that is closed', () => {
  test.each(['stdout', 'stderr'] as const)('is no error: %s', async (stream) => {
    const args = stream === 'stdout' ? ['coverage', '--json'] : ['no-such-command'];
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ...home.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child[stream].destroy();
    let said = '';
    const other = stream === 'stdout' ? child.stderr : child.stdout;
    other.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code, signal] = (await once(child, 'close')) as [number, string | null];
    expect([code, signal, said]).toEqual([stream === 'stdout' ? 0 : 2, null, '']);
  });
});

test('what is printed to a full device is not printed', async () => {
  for (const line of ['labs', 'coverage --json', 'facts br1', '--help'])
    expect(await home.bash(`breakwater ${line} >/dev/full`), line).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('standard output cannot be written'),
    });
});

describe('validate', () => {
  const lab = (): string => join(home.folder, 'area', 'broken');
  const validate = async (...files: string[]): Promise<Ended> => home.run('validate', ...files);

  test('says what is wrong with a lab folder, and where', async () => {
    await mkdir(lab(), { recursive: true });
    await writeFile(join(lab(), 'lab.yml'), 'title: Broken\nsummary: Broken\nminutes: soon\n');
    const { exitCode, stdout, stderr } = await validate(lab());
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/lab\.yml:3:10 minutes .*soon/);
    expect(stderr).toMatch(/^\d+ problems? found$/m);
  });

  test('knows the rows of controls.yml', async () => {
    const folder = join(home.folder, 'routing', 'nosuch');
    await cp(join(productFolder(), 'labs', 'filtering', 'ingress-source'), folder, { recursive: true });
    const file = join(folder, 'lab.yml');
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('filtering/ingress-source', 'filtering/ingres-source'),
    );
    const { exitCode, stderr } = await validate(folder);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/lab\.yml:3:\d+ .*filtering\/ingres-source/);
    expect(stderr).toContain('did you mean "filtering/ingress-source"?');
  });

  test('complains about all files at once', async () => {
    await writeFile(join(home.folder, 'one.clab.yml'), 'name: one\ntopology:\n  nods: {}\n');
    await writeFile(join(home.folder, 'two.patch'), 'no patch\n');
    const { exitCode, stderr } = await validate(join(home.folder, 'one.clab.yml'), join(home.folder, 'two.patch'));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/one\.clab\.yml:3:3 /);
    expect(stderr).toMatch(/two\.patch:1:1 /);
  });

  test('finds the shipped files sound', async () => {
    const { exitCode, stdout, stderr } = await validate(
      'topologies/isp/isp.clab.yml',
      'topologies/isp/plan.yml',
      'labs/controls.yml',
      'labs/filtering/ingress-source',
    );
    expect([exitCode, stderr, stdout]).toEqual([0, '', '4 are sound\n']);
  });
});
