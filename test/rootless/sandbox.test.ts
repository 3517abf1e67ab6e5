import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { isAlive, startTimeOf } from '#core/exec/process-table.ts';
import { readState, sandboxFolders, writeState } from '#core/runtime/rootless/sandbox.ts';
import type { Network } from '#core/runtime/runtime.ts';

import { awaitState } from './await-state.ts';
import { type Bench, onNode, openBench, started } from './small-network.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => bench?.remove());

describe('a network', () => {
  let network: Network;
  beforeAll(async () => {
    network = await bench.deploy('net');
  });
  afterAll(async () => network?.destroy());
  const on = (node: string, script: string): Promise<string> => onNode(network, node, script);

  test('is wired and addressed from its files', async () => {
    expect(await on('left', 'ping -c 1 -W 5 198.51.100.2 >/dev/null && echo answers')).toBe('answers\n');
    expect(await on('right', 'ping -c 1 -W 5 2001:db8:1::1 >/dev/null && echo answers')).toBe('answers\n');
    expect(await on('left', 'nft list ruleset')).toContain('tcp dport 9');
    expect(await on('left', 'hostname; sysctl -n net.ipv4.ip_forward')).toBe('left\n0\n');
  });

  test('is unknown to others until it is kept, and known from then on', async () => {
    expect(await bench.runtime.attach('net')).toBeUndefined();
    expect(await bench.runtime.list()).toEqual([]);
    await network.keep();
    const attached = await bench.runtime.attach('net');
    expect(attached?.nodes).toEqual(['left', 'right']);
    expect(await bench.runtime.list()).toMatchObject([{ name: 'net', topology: 'pair', nodes: ['left', 'right'] }]);
    expect(await onNode(attached!, 'right', 'hostname')).toBe('right\n');
  });

  test('is refused a second time under its name, with the way out', async () => {
    await expect(bench.deploy('net')).rejects.toMatchObject({
      code: 'lab-running',
      message: 'a network named net is running',
      hint: 'breakwater down --name net',
    });
    expect(await on('left', 'hostname')).toBe('left\n');
  });

  test('tells which nodes it has when asked for another', () => {
    expect(() => network.node('middle')).toThrow(
      expect.objectContaining({ code: 'unknown-name', message: 'net has no node middle', hint: 'one of left right' }),
    );
  });

  test('restarts a node from its files: what was typed into the kernel is lost, files and links stay', async () => {
    await on(
      'left',
      `ip addr add 203.0.113.1/24 dev eth0
       nft add table inet typed
       sysctl -qw net.ipv4.ip_forward=1
       echo kept >/root/note
       echo 'net.ipv4.conf.all.log_martians = 1' >/etc/sysctl.d/20-mine.conf
       sleep 1000 >/dev/null 2>&1 &`,
    );
    const mac = await on('left', 'cat /sys/class/net/eth0/address');
    const other = await on('right', 'cat /sys/class/net/eth0/ifindex');

    await network.restart(['left']);
    await started(network, 'left');

    expect(await on('left', 'ip -o addr show dev eth0')).not.toContain('203.0.113.1');
    expect(await on('left', 'nft list ruleset')).not.toContain('typed');
    expect(await on('left', 'nft list ruleset')).toContain('tcp dport 9');
    expect(await on('left', 'sysctl -n net.ipv4.ip_forward net.ipv4.conf.all.log_martians')).toBe('0\n1\n');
    expect(await on('left', 'pgrep -x sleep -a')).not.toContain('1000');
    expect(await on('left', 'cat /root/note')).toBe('kept\n');
    expect(await on('left', 'cat /sys/class/net/eth0/address')).toBe(mac);
    expect(await on('right', 'cat /sys/class/net/eth0/ifindex')).toBe(other);
    expect(await on('left', 'ping -c 1 -W 5 198.51.100.2 >/dev/null && echo answers')).toBe('answers\n');
    expect(await on('left', 'ping -c 1 -W 5 2001:db8:1::2 >/dev/null && echo answers')).toBe('answers\n');
  });

  test('makes a node anew: its disk is as empty as at first, its configuration and its links stay', async () => {
    await on('left', 'echo written >/root/note; rm /usr/bin/passwd; echo secret >/etc/hostkey');
    await network.recreate(['left']);
    await started(network, 'left');
    expect(await on('left', 'ls /root/note /etc/hostkey 2>/dev/null; ls /usr/bin/passwd')).toBe('/usr/bin/passwd\n');
    expect(await on('left', 'nft list ruleset')).toContain('tcp dport 9');
    expect(await on('left', 'ping -c 1 -W 5 198.51.100.2 >/dev/null && echo answers')).toBe('answers\n');
  });

  test('brings a dead node back, and its neighbour with the link that went with it', async () => {
    await network.node('left').exec(['kill', '-TERM', '1']);
    await awaitState(async () => expect(await network.running()).toEqual(['right']));
    await network.restart(['left']);
    await Promise.all(['left', 'right'].map((node) => started(network, node)));
    expect(await on('left', 'ping -c 1 -W 5 198.51.100.2 >/dev/null && echo answers')).toBe('answers\n');
    expect(await on('right', 'ping -c 1 -W 5 2001:db8:1::1 >/dev/null && echo answers')).toBe('answers\n');
  });

  test('leaves a neighbour alone when a node fills its disk and floods its console', async () => {
    await on(
      'left',
      `cat /dev/zero >/root/full 2>/dev/null; cat /dev/zero >/run/full 2>/dev/null
       timeout 2 yes >/proc/1/fd/1 2>/dev/null; true`,
    );
    expect(await on('left', 'df -m --output=size,avail / | tail -n 1')).toMatch(/^\s*256\s+0$/m);
    expect(await on('right', 'echo written >/root/of-right && cat /root/of-right; rm /root/of-right')).toBe(
      'written\n',
    );
    await network.recreate(['left']);
    await started(network, 'left');
    expect(await on('left', 'df -m --output=used / | tail -n 1')).toMatch(/^\s*\d{1,2}$/m);
    expect(await on('left', 'ping -c 1 -W 5 198.51.100.2 >/dev/null && echo answers')).toBe('answers\n');
  });

  test('runs the commands of `exec`, words without a shell, and goes on when one fails', async () => {
    expect(await on('right', 'ls /root')).toBe('by exec\n');
  });

  test('restarts both ends of a link at once', async () => {
    await network.restart(['left', 'right']);
    await Promise.all(['left', 'right'].map((node) => started(network, node)));
    expect(await on('right', 'ping -c 1 -W 5 198.51.100.1 >/dev/null && echo answers')).toBe('answers\n');
  });

  test('keeps no dead processes: what a restart ended is gone', async () => {
    const { holder } = (await readState(sandboxFolders(bench.runtimeFolder, 'net')))!;
    await awaitState(async () => {
      const children = readFileSync(`/proc/${holder!.pid}/task/${holder!.pid}/children`, 'utf8').trim().split(' ');
      const dead = children.filter((pid) => startTimeOf(Number(pid)) === undefined);
      expect(dead).toEqual([]);
      expect(children.length).toBeGreaterThan(1);
    });
  });

  test('says how a command ended: its own code, 127 when there is none, 128 + n after a signal', async () => {
    const codeOf = async (...argv: string[]): Promise<number> => (await network.node('left').exec(argv)).exitCode;
    expect(await codeOf('sh', '-c', 'exit 42')).toBe(42);
    expect(await codeOf('/no/such/program')).toBe(127);
    expect(await codeOf('no-such-program')).toBe(127);
    expect(await codeOf('sh', '-c', 'kill -TERM $$')).toBe(128 + 15);
    expect(await codeOf('sh', '-c', 'kill -KILL $$')).toBe(128 + 9);
  });

  test('ends a command at its deadline, in the node as well', async () => {
    const result = await network.node('left').exec(['sleep', '1234'], { timeoutMs: 500 });
    expect(result).toMatchObject({ timedOut: true });
    await awaitState(async () => expect(await on('left', 'pgrep -af "[s]leep 1234"')).toBe(''));
  });

  test('gives back a command at once whose daemon holds the pipe', async () => {
    const result = await network.node('left').exec(['sh', '-c', 'sleep 300 & echo done'], { timeoutMs: 20_000 });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'done\n', timedOut: false });
    expect(result.durationMs).toBeLessThan(2000);
    await on('left', 'pkill -f "^sleep 300"');
  });

  test('hands over megabytes of output and input whole', async () => {
    const result = await network.node('left').exec(['sh', '-c', 'head -c 3000000 /dev/zero | tr "\\0" x']);
    expect(result.stdout.length).toBe(3_000_000);
    const input = 'y'.repeat(2_000_000);
    expect((await network.node('left').exec(['wc', '-c'], { input })).stdout.trim()).toBe('2000000');
  });

  test('stops a spawned process and runs its undo, and both are done when stop returns', async () => {
    const held = network
      .node('left')
      .spawn(['sh', '-c', 'echo up; exec sleep 777'], { undo: 'echo undone >/tmp/undo' });
    await held.waitFor(/up/, 5000);
    await held.stop();
    expect(await on('left', 'cat /tmp/undo; pgrep -x sleep -a | grep -c 777')).toBe('undone\n0\n');
  });

  test('stops a spawned process whose children ignore SIGTERM', async () => {
    const held = network
      .node('left')
      .spawn(['sh', '-c', 'trap "" TERM; sh -c "trap \\"\\" TERM; echo up; sleep 778; sleep 778" ; sleep 778']);
    await held.waitFor(/up/, 5000);
    await held.stop();
    expect(await on('left', 'pgrep -fa "[s]leep 778"')).toBe('');
  });

  test('ends what a killed process held on a node, and runs its undo', async () => {
    for (const kill of [(child: ChildProcess) => process.kill(child.pid!, 'SIGKILL'), killGroup]) {
      await on('left', 'rm -f /tmp/undone; ip link add probe0 type dummy');
      const child = holdSpawn('left', 'ip link del probe0; touch /tmp/undone', 'sh', '-c', 'echo up; exec sleep 779');
      await once(child.stdout!, 'data');
      expect(await on('left', 'pgrep -xa sleep')).toContain('779');
      kill(child);
      await awaitState(async () => {
        expect(await on('left', 'ls /tmp/undone; ip -br link show probe0')).toMatch(/\/tmp\/undone\n.*does not exist/s);
        expect(await on('left', 'pgrep -xa sleep')).not.toContain('779');
      });
    }
  });

  test('runs the undo also when the process is interrupted along with us', async () => {
    await on('left', 'rm -f /tmp/undone');
    const child = holdSpawn('left', 'touch /tmp/undone', 'sh', '-c', 'echo up; exec sleep 780');
    await once(child.stdout!, 'data');
    await on('left', 'pkill -INT -f "^/usr/bin/perl /usr/lib/breakwater/tether"');
    await awaitState(async () =>
      expect(await on('left', 'ls /tmp/undone; pgrep -fa "^sleep 780"')).toBe('/tmp/undone\n'),
    );
    child.kill('SIGKILL');
  });

  test('is gone with all that was its own when it is destroyed', async () => {
    const state = await readState(sandboxFolders(bench.runtimeFolder, 'net'));
    expect(isAlive(state?.holder)).toBe(true);
    await network.destroy();
    expect(isAlive(state?.holder)).toBe(false);
    expect(isAlive(state?.keeper)).toBe(false);
    expect(readdirSync(bench.runtimeFolder)).toEqual([]);
    expect(await bench.runtime.list()).toEqual([]);
    await network.destroy();
  });

  function holdSpawn(node: string, undo: string, ...command: string[]): ChildProcess {
    return spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        join(import.meta.dirname, 'hold-spawn.ts'),
        bench.runtimeFolder,
        'net',
        node,
        undo,
        ...command,
      ],
      { detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
    );
  }
});

describe('a network that cannot come up', () => {
  test('says which node could not start and why, and leaves nothing', async () => {
    const left = bench.topology.nodes.get('left')!;
    const broken = {
      ...bench.topology,
      nodes: new Map([
        ...bench.topology.nodes,
        ['left', { ...left, binds: [{ source: 'no-such-folder', target: '/config', readOnly: false }] }] as const,
      ]),
    };
    await expect(bench.deploy('broken', broken)).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(/node left: .*no-such-folder/s),
    });
    expect(existsSync(join(bench.runtimeFolder, 'broken'))).toBe(false);
  });

  test('leaves nothing when it is cancelled on its way', async () => {
    const workspace = await bench.workspaceOf('cancelled');
    await workspace.materialise(['left', 'right']);
    for (const moment of ['creating', 'wiring', 'starting']) {
      const cancel = new AbortController();
      const deployed = bench.runtime.deploy(bench.topology, {
        name: 'cancelled',
        configs: workspace.configs,
        signal: cancel.signal,
        onProgress: (message) => message.startsWith(moment) && cancel.abort(),
      });
      await expect(deployed, moment).rejects.toMatchObject({ code: 'cancelled' });
      expect(existsSync(join(bench.runtimeFolder, 'cancelled')), moment).toBe(false);
    }
  });

  test('can be taken down after its keeper was killed, and has gone by itself after its holder was', async () => {
    for (const victim of ['keeper', 'holder'] as const) {
      const network = await bench.deploy('killed');
      await network.keep();
      const state = (await readState(sandboxFolders(bench.runtimeFolder, 'killed')))!;
      process.kill(state[victim]!.pid, 'SIGKILL');
      await awaitState(async () => expect(isAlive(state[victim])).toBe(false));
      const left = await bench.runtime.attach('killed');
      if (victim === 'holder') expect(left).toBeUndefined();
      await left?.destroy();
      await awaitState(async () => {
        expect(isAlive(state.holder)).toBe(false);
        expect(isAlive(state.keeper)).toBe(false);
      });
      expect(existsSync(join(bench.runtimeFolder, 'killed'))).toBe(false);
    }
  });

  test('leaves a stranger alone who has the number of its holder', async () => {
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    const network = await bench.deploy('old');
    await network.keep();
    const folders = sandboxFolders(bench.runtimeFolder, 'old');
    const state = (await readState(folders))!;
    await network.destroy();
    await mkdir(folders.home);
    const identity = { pid: stranger.pid!, startTime: '1' };
    await writeState(folders, { ...state, holder: identity, keeper: identity });
    expect(await bench.runtime.list()).toEqual([]);
    expect(startTimeOf(stranger.pid!)).toBeDefined();
    stranger.kill();
  });
});

/** The process and all that it started, as a closed terminal or the out-of-memory killer would. */
function killGroup(child: ChildProcess): void {
  process.kill(-child.pid!, 'SIGKILL');
}
