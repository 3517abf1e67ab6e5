import { once } from 'node:events';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Ended, type Home, makeHome } from './breakwater.ts';

const lab = 'routing/bgp-authentication';

let home: Home;
let configs: string;
beforeAll(async () => {
  home = await makeHome();
  configs = join(home.state, 'workspaces', 'isp', 'configs');
});
afterAll(async () => home?.remove());

const run = async (line: string): Promise<Ended> => home.run(...line.split(' '));

// One story, told in order: each test goes on where the one before it ended.
test('up brings the lab up, says where to edit, and says what to do next', async () => {
  const { exitCode, stdout, stderr } = await run(`up ${lab}`);
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('bringing up routing/bgp-authentication: done')]);
  expect(stdout).toContain(configs);
  expect(stdout).toContain('next: breakwater check');
  expect(JSON.parse((await run('status --json')).stdout)).toMatchObject([{ name: 'isp', lab, edited: [] }]);
});

test('up once more goes on, and up of what is running elsewhere is another network', async () => {
  expect(await run(`up ${lab}`)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('your edits go on') });
  expect(await run('check --name other')).toMatchObject({
    exitCode: 3,
    stderr: 'error: no network named other is running\nhint: --name isp\n',
  });
});

test('exec ends as the command did, and keeps its two streams apart', async () => {
  expect(await home.run('exec', 'br1', '--', 'sh', '-c', 'echo out; echo err >&2; exit 42')).toEqual(
    expect.objectContaining({ exitCode: 42, stdout: 'out\n', stderr: 'err\n' }),
  );
  expect((await run('exec br1 -- no-such-command')).exitCode).toBe(127);
  expect(await run('exec br9 -- true')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/no node br9\nhint: one of br1 /),
  });
});

test('check of the broken lab ends with 1, shows what got through, and writes each report asked for', async () => {
  const [junit, json, html] = ['junit.xml', 'run.json', 'report.html'].map((name) => join(home.folder, name));
  const { exitCode, stdout } = await run(`check --reporter junit=${junit},json=${json},html=${html}`);
  expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/✖|FAIL|fail/)]);
  expect(JSON.parse(readFileSync(json!, 'utf8'))).toMatchObject({ schema: 'breakwater.run/1', verdict: 'fail' });
  expect(
    Number(new XMLParser({ ignoreAttributes: false }).parse(readFileSync(junit!, 'utf8')).testsuites['@_failures']),
  ).toBeGreaterThan(0);
  expect(readFileSync(html!, 'utf8')).toMatch(/^<!doctype html>/i);
});

test('a report that cannot be written is an error, whatever the verdict', async () => {
  const { exitCode, stderr } = await run('check --no-restart --reporter junit=/proc/junit.xml');
  expect([exitCode, stderr]).toEqual([3, expect.stringContaining('the junit report could not be written')]);
});

test('a reader that goes away, and a device that is full, change neither the verdict nor the files', async () => {
  const [piped, full] = ['piped.xml', 'full.xml'].map((name) => join(home.folder, name));
  const check = 'breakwater check --no-restart --reporter junit';
  const [head, device] = [
    await home.bash(`${check}=${piped} | head -n 1 >&2; exit "\${PIPESTATUS[0]}"`),
    await home.bash(`${check}=${full} >/dev/full`),
  ];
  expect(head.exitCode).toBe(1);
  expect(device).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('ENOSPC') });
  for (const file of [piped!, full!]) expect(readFileSync(file, 'utf8')).toMatch(/<failure [\s\S]*<\/testsuites>/);
});

test('hint goes one step further each time', async () => {
  expect((await run('hint')).stdout).toMatch(/^hint 1 of \d+\n/);
  expect((await run('hint')).stdout).toMatch(/^hint 2 of \d+\n/);
  expect((await run('hint --again')).stdout).toMatch(/^hint 1 of \d+\n[\s\S]*hint 2 of/);
});

const edited = join('br1', 'etc', 'nftables.conf');

test('diff shows an edit made in a file and one made on the node by rename, and nothing else', async () => {
  expect((await run('diff')).stdout).toBe('nothing is changed\n');
  appendFileSync(join(configs, edited), '# edited in a file\n');
  const rename = 'sed -i "s/edited in a file/& and by rename/" /etc/nftables.conf; test ! -L /etc/nftables.conf';
  expect((await home.run('exec', 'br1', '--', 'sh', '-c', rename)).exitCode).toBe(0);
  const { stdout } = await run('diff');
  expect(stdout).toContain('+# edited in a file and by rename');
  expect(JSON.parse((await run('status --json')).stdout)[0].edited).toEqual([edited]);
});

test('a file that is new in the workspace is not taken for one of the node', async () => {
  const motd = join(configs, 'br1', 'etc', 'motd');
  writeFileSync(motd, 'new in the workspace\n');
  await home.run('exec', 'br1', '--', 'sed', '-i', 's/$/ on the node/', '/etc/motd');
  await run('status');
  expect(readFileSync(motd, 'utf8')).toBe('new in the workspace\n');
  rmSync(motd);
});

test('reset keeps what was there, snapshots shows it, and restore brings it back', async () => {
  const mine = readFileSync(join(configs, edited), 'utf8');
  expect(await run('reset')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(edited) });
  expect(readFileSync(join(configs, edited), 'utf8')).not.toContain('edited in a file');
  const [newest] = JSON.parse((await run('snapshots --json')).stdout);
  expect(newest).toMatchObject({ reason: 'before a reset', lab });
  expect((await run(`snapshots --show ${newest.id}`)).stdout).toContain('+# edited in a file');
  expect(await run(`snapshots --restore ${newest.id}`)).toMatchObject({ exitCode: 0 });
  expect(readFileSync(join(configs, edited), 'utf8')).toBe(mine);
});

test('an edit that breaks a daemon does not stop the way back', async () => {
  writeFileSync(join(configs, 'br1', 'etc', 'frr', 'frr.conf'), 'nonsense of the trainee\n');
  await run('check --no-restart');
  expect((await run('reset')).exitCode).toBe(0);
  const [newest] = JSON.parse((await run('snapshots --json')).stdout);
  expect((await run(`snapshots --show ${newest.id}`)).stdout).toContain('+nonsense of the trainee');
});

test('solve lays out the solution, and check ends with 0, also after a restart', async () => {
  expect((await run('solve')).exitCode).toBe(0);
  const { exitCode, stdout } = await run('check');
  expect(exitCode, stdout).toBe(0);
});

test('capture writes packets to a pipe until Ctrl-C, and nothing else', async () => {
  const child = home.start('capture', 'br1:ixp0', '-w', '-');
  const chunks: Buffer[] = [];
  child.stdout!.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child.stdout!, 'data');
  process.kill(-child.pid!, 'SIGINT');
  // To stop is how it ends well.
  expect(await once(child, 'exit')).toEqual([0, null]);
  // The magic number of a pcap file in the byte order of this machine (pcap-savefile(5)).
  expect(Buffer.concat(chunks).readUInt32LE(0)).toBe(0xa1b2c3d4);
});

test('a pass stands where nobody reads it, but not where a program was to read it and could not', async () => {
  const check = 'breakwater check --no-restart --reporter';
  expect((await home.bash(`${check} json | head -n 1; exit "\${PIPESTATUS[0]}"`)).exitCode).toBe(0);
  const said = expect.stringContaining('ENOSPC');
  expect(await home.bash(`${check} console >/dev/full`)).toMatchObject({ exitCode: 0, stderr: said });
  expect(await home.bash(`${check} json >/dev/full`)).toMatchObject({ exitCode: 3, stderr: said });
});

test('a command on a node keeps its exit code when its reader goes away, and a capture ends', async () => {
  const endless = "breakwater exec br1 -- sh -c 'yes | head -n 100000; exit 7'";
  expect((await home.bash(`${endless} | head -n 1; exit "\${PIPESTATUS[0]}"`)).exitCode).toBe(7);
  expect((await home.bash(`breakwater capture br1:ixp0 | head -n 1; exit "\${PIPESTATUS[0]}"`)).exitCode).toBe(0);
  expect((await run('status')).stdout).toContain(lab);
});

test('down leaves nothing but the workspace, and says so once', async () => {
  expect(await run('down')).toMatchObject({ exitCode: 0, stdout: 'isp is down\n' });
  expect(await run('down')).toMatchObject({ exitCode: 0, stdout: 'isp was not running\n' });
  expect(readdirSync(home.runtime)).toEqual([]);
  expect(home.processes()).toEqual([]);
  expect(existsSync(join(configs, 'br1', 'etc', 'frr', 'frr.conf'))).toBe(true);
});

test('diff, reset and snapshots work on a workspace whose network is down', async () => {
  writeFileSync(join(configs, 'br1', 'etc', 'motd'), 'edited while it was down\n');
  expect((await run('diff')).stdout).toContain('+edited while it was down');
  expect((await run('reset')).exitCode).toBe(0);
  const [newest] = JSON.parse((await run('snapshots --json')).stdout);
  expect((await run(`snapshots --show ${newest.id}`)).stdout).toContain('+edited while it was down');
});
