import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { homedir, networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runCommand } from '#core/exec/command.ts';
import { startTimeOf } from '#core/exec/process-table.ts';
import { spawnTied } from '#core/exec/tied-process.ts';
import { mustRunInUserNamespace } from '#core/exec/user-namespace.ts';
import { enterSandbox, readState, sandboxFolders } from '#core/runtime/rootless/sandbox.ts';
import type { Network } from '#core/runtime/runtime.ts';

import { awaitState } from './await-state.ts';
import { type Bench, onNode, openBench } from './small-network.ts';

let bench: Bench;
let network: Network;
/** Runs a command of a node's files in the sandbox's own namespaces, where no node is. */
let inSandbox: (script: string, input?: string) => Promise<string>;

beforeAll(async () => {
  bench = await openBench();
  network = await bench.deploy('closed');
  const folders = sandboxFolders(bench.runtimeFolder, 'closed');
  const { holder } = (await readState(folders))!;
  inSandbox = async (script, input = '') => {
    const argv = [...enterSandbox(holder!.pid), 'chroot', join(folders.inside, 'left', 'root'), 'sh', '-c', script];
    const { stdout, stderr } = await runCommand(argv, { input });
    return stdout + stderr;
  };
});
afterAll(async () => bench?.remove());

describe('no packet leaves', () => {
  const nonce = `way-out-${randomBytes(8).toString('hex')}`;
  const heard: string[] = [];
  const hostAddresses = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
  let tcp: Server;
  let udp: Socket;
  let abstract: Server;
  const closing: (() => void)[] = [];

  beforeAll(async () => {
    tcp = createServer((socket) => void socket.on('data', (data) => heard.push(`tcp ${data}`)));
    tcp.listen({ host: '::', port: 0 });
    await once(tcp, 'listening');
    udp = createSocket({ type: 'udp6' });
    udp.on('message', (message) => heard.push(`udp ${message}`));
    udp.bind({ address: '::', port: 0 });
    await once(udp, 'listening');
    abstract = createServer(() => heard.push('unix'));
    abstract.listen(`\0${nonce}`);
    await once(abstract, 'listening');
    closing.push(
      () => tcp.close(),
      () => udp.close(),
      () => abstract.close(),
    );
  });
  afterAll(() => closing.forEach((close) => close()));

  const plan = (): string =>
    JSON.stringify({
      nonce,
      targets: [
        ...new Set(['127.0.0.1', '::1', ...hostAddresses, '255.255.255.255', '198.51.100.2', '2001:db8:1::2']),
      ].filter((address) => !address.startsWith('fe80:')),
      tcp: (tcp.address() as AddressInfo).port,
      udp: udp.address().port,
      unix: [nonce],
    });
  const script = readFileSync(join(import.meta.dirname, 'fixtures', 'reach-out.py'), 'utf8');
  const reachOut = `python3 -c '${script.replaceAll("'", `'\\''`)}'`;

  test('the listeners hear who is allowed to speak to them', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const socket = connect({ host, port: (tcp.address() as AddressInfo).port });
      socket.end(`hello from ${host}`);
      await once(socket, 'close');
      udp.send(`hello from ${host}`, udp.address().port, host === '::1' ? '::1' : '::ffff:127.0.0.1');
    }
    const socket = connect({ path: `\0${nonce}` });
    await once(socket, 'connect');
    socket.destroy();
    await awaitState(async () => expect(heard).toHaveLength(5));
    heard.length = 0;
  });

  test('a node has its own interfaces, and the sandbox around it has none but a loopback', async () => {
    expect(await onNode(network, 'left', 'ls /sys/class/net')).toBe('eth0\nlo\n');
    expect(await inSandbox("ip -o link | grep -o '^[0-9]*: [a-z0-9]*'")).toBe('1: lo\n');
    expect(await inSandbox('ip route show table all | grep -v "dev lo"')).toBe('');
    for (const address of hostAddresses.filter((it) => !/^(127\.|::1|fe80:|198\.51\.100\.)/.test(it))) {
      expect(await onNode(network, 'left', `ip route get ${address}`), address).toMatch(/unreachable|No route/);
      expect(await inSandbox(`ip route get ${address}`), address).toMatch(/unreachable|No route/);
    }
  });

  test('nothing reaches the host, whatever is tried from a node or from the sandbox', async () => {
    const capture = await captureOnHost();
    const witness = network.node('right').spawn(['tcpdump', '-i', 'eth0', '-U', '-w', '-']);
    await witness.waitFor(/listening on/, 10_000);
    const routes = 'ip route replace default dev eth0; ip -6 route replace default dev eth0;';

    const { stdout } = await network.node('left').exec(['sh', '-c', `${routes} ${reachOut}`], { input: plan() });
    const fromSandbox = await inSandbox(
      `ip route replace default dev lo; ip -6 route replace default dev lo; ${reachOut}`,
      plan(),
    );

    // It was really tried, and what is allowed was really reached.
    const sent = JSON.parse(/^sent (.*)$/m.exec(stdout)![1]!) as string[];
    expect(sent).toContain('frames eth0');
    expect(sent.filter((it) => it.startsWith('udp')).length).toBeGreaterThan(3);
    expect(stdout).toContain('reached icmp 198.51.100.2\n');
    expect(stdout).toContain('reached icmp 2001:db8:1::2\n');
    await awaitState(async () => expect(witness.stdout().includes(nonce)).toBe(true));
    await witness.stop();
    expect(fromSandbox).toContain('sent [');

    expect(stdout.match(/^reached (tcp|unix).*$/gm)).toBeNull();
    expect(fromSandbox.match(/^reached (tcp|unix).*$/gm)).toBeNull();
    expect(heard).toEqual([]);
    expect(await capture.end()).not.toContain(nonce);
  });

  test('abstract sockets of the host are not even seen', async () => {
    expect(readFileSync('/proc/net/unix', 'latin1')).toContain(nonce);
    expect(await onNode(network, 'left', 'cat /proc/net/unix')).not.toContain(nonce);
    expect(await inSandbox('cat /proc/net/unix')).not.toContain(nonce);
  });

  /** All that passes the interfaces of the host, as far as this user may look: root sees the packets. */
  async function captureOnHost(): Promise<{ end(): Promise<string> }> {
    if (process.getuid?.() !== 0) {
      process.stderr.write('only root can capture on the host: the listeners alone bear witness here\n');
      return { end: async () => '' };
    }
    const tcpdump = spawnTied(['sh', '-c', 'tcpdump -i any -s 0 -U -w - & read -r end; kill $!; wait']);
    await tcpdump.waitFor(/listening on/, 10_000);
    return {
      end: async () => {
        // What was sent before this mark has been seen when the mark is.
        const mark = randomBytes(8).toString('hex');
        const socket = createSocket('udp4');
        await awaitState(async () => {
          await new Promise((resolve) => socket.send(mark, 9, '127.0.0.1', resolve));
          expect(tcpdump.stdout().includes(mark)).toBe(true);
        });
        socket.close();
        await tcpdump.stop();
        return tcpdump.stdout().toString('latin1');
      },
    };
  }
});

describe('a node sees and touches nothing of the host', () => {
  const on = (script: string): Promise<string> => onNode(network, 'left', script);

  test('no file: not by its path, not through another process, not anywhere', async () => {
    const marker = `marker-${randomBytes(8).toString('hex')}`;
    const places =
      process.getuid?.() === 0 ? [homedir(), tmpdir(), '/etc', '/var/tmp'] : [homedir(), tmpdir(), '/var/tmp'];
    const files = places.map((folder) => join(folder, marker));
    await Promise.all(files.map((file) => writeFile(file, marker)));
    try {
      const ways = ['', '/proc/1/root', '/proc/1/cwd', '/proc/self/root', '/proc/self/cwd', '/..'];
      const paths = ways.flatMap((way) => files.map((file) => `${way}${file}`));
      expect(await on(`for path in ${paths.join(' ')}; do cat "$path" 2>/dev/null; done; echo looked`)).toBe(
        'looked\n',
      );
      expect(await on(`nsenter --mount=/proc/1/ns/mnt cat ${files.join(' ')} 2>/dev/null; echo looked`)).toBe(
        'looked\n',
      );
      expect(await on(`find / -path '/proc/*/task' -prune -o -name ${marker} -print 2>/dev/null; echo looked`)).toBe(
        'looked\n',
      );
      // The same search does find what is there.
      expect(await on(`touch /var/${marker}; find / -xdev -name ${marker}`)).toBe(`/var/${marker}\n`);
    } finally {
      await Promise.all(files.map((file) => rm(file)));
    }
  });

  test('no mount leads out, and only its own configuration comes in', async () => {
    const mounts = (await on("awk '{print $4, $5}' /proc/self/mountinfo")).trim().split('\n');
    const fromOutside = mounts.filter((line) => !line.startsWith('/ ')).map((line) => line.split(' ')[1]);
    expect(
      fromOutside.filter(
        (target) => !/^\/(config$|etc\/|proc\/|dev\/(null|zero|full|tty|random|urandom)$)/.test(target!),
      ),
    ).toEqual([]);
    expect(await on('ls /config; ls /config/..')).not.toContain('right');
  });

  test('no disk: none in /dev, none to be made, none to be mounted', async () => {
    expect(await on('find /dev -type b')).toBe('');
    const disks = readFileSync('/proc/partitions', 'utf8')
      .split('\n')
      .slice(2)
      .flatMap((line) => (line.trim() === '' ? [] : [line.trim().split(/\s+/)]));
    const numbers = disks.length > 0 ? disks.map(([major, minor]) => `${major} ${minor}`) : ['8 0', '254 0'];
    for (const number of numbers.slice(0, 8)) {
      const said = await on(
        `mknod /root/disk b ${number} && { mount /root/disk /mnt && echo mounted; head -c 1 /root/disk >/dev/null && echo read; }; rm -f /root/disk`,
      );
      expect(said, number).not.toMatch(/^(mounted|read)$/m);
    }
    for (const file of ['/dev/mem', '/dev/kmem', '/proc/kcore', '/dev/port'])
      expect(await on(`head -c 1 ${file} >/dev/null 2>&1 && echo read; echo tried`), file).toBe('tried\n');
  });

  test('no knob of the kernel that is the host’s', async () => {
    // Opened for writing, and nothing written: were it allowed, this must not do harm.
    const knobs = [
      '/proc/sysrq-trigger',
      '/proc/sys/kernel/core_pattern',
      '/proc/sys/vm/drop_caches',
      '/proc/sys/kernel/modprobe',
    ];
    for (const knob of knobs)
      expect(await on(`(: >>${knob}) 2>/dev/null && echo open; echo tried`), knob).toBe('tried\n');
    expect(await on('touch /sys/kernel/x 2>/dev/null && echo made; echo tried')).toBe('tried\n');
  });

  test('no process', async () => {
    const host = spawn('sleep', ['86400'], { stdio: 'ignore' });
    try {
      expect(await on('ps -eo args')).not.toContain('86400');
      expect(
        await on('mkdir /tmp/p; mount -t proc proc /tmp/p && cat /tmp/p/[0-9]*/cmdline | tr "\\0" " "'),
      ).not.toContain('sleep 86400');
      // PID 1 of a namespace cannot be killed from within, and all others in sight are the node's own.
      await on(`kill -9 ${host.pid} 2>/dev/null`);
      expect(await inSandbox(`kill -9 ${host.pid} 2>&1 || true`)).toMatch(/No such process/);
      expect(startTimeOf(host.pid!)).toBeDefined();
    } finally {
      host.kill();
    }
  });

  test('no other node’s files or processes', async () => {
    await onNode(network, 'right', 'echo private >/root/of-right; sleep 86401 >/dev/null 2>&1 &');
    expect(await on('find / -name of-right 2>/dev/null; ps -eo args | grep "[s]leep 86401"; echo looked')).toBe(
      'looked\n',
    );
  });

  test('nothing of the kernel that is not for nodes, and no link of a neighbour', async () => {
    const script = readFileSync(join(import.meta.dirname, 'fixtures', 'reach-kernel.py'), 'utf8');
    const said = await on(`cat >/root/reach-kernel.py <<'END'\n${script}\nEND\npython3 /root/reach-kernel.py`);
    const lines = said.trim().split('\n');
    expect(lines).toHaveLength(11);
    for (const line of lines) expect(line).toMatch(/ (?:EPERM|EACCES|EINVAL|ENODEV)$/);
    for (const name of ['bpf', 'keyctl', 'perf_event_open', 'userfaultfd', 'open_by_handle_at', 'AF_ALG', 'AF_VSOCK'])
      expect(said).toContain(`${name} EPERM`);
    expect(await onNode(network, 'right', 'cat /sys/class/net/eth0/operstate')).toBe('up\n');
  });

  test('what it registers for other formats of programs is its own (binfmt_misc)', async () => {
    // Where the kernel has no binfmt_misc for user namespaces there is nothing to register.
    const registered = await on(
      `mkdir -p /root/bin; mount -t binfmt_misc none /root/bin 2>/dev/null &&
       echo ':taken:M:0:BREAKWATER::/usr/bin/touch:F' >/root/bin/register && echo registered; true`,
    );
    const program = `printf 'BREAKWATER' >/root/odd; chmod +x /root/odd; /root/odd 2>&1; true`;
    expect(await onNode(network, 'right', program)).toMatch(/Exec format error|not found|exec/i);
    expect(await inSandbox('cat /proc/sys/fs/binfmt_misc/taken 2>&1; true')).not.toContain('interpreter');
    expect(['', 'registered\n']).toContain(registered);
  });

  test('no byte of the image, nor of the host’s own files', async () => {
    const passwd = await readFile('/etc/passwd', 'utf8');
    const before = await imageContents();
    await on(
      'rm -rf /usr/share/* /usr/bin/dig /var/lib/* ; echo x >/etc/passwd; chmod -R a+w /etc /opt; echo x >>/usr/bin/perl',
    );
    await on('for file in /etc/ssl/certs/* /usr/lib/frr/*; do echo x >>"$file"; touch -d 2001-01-01 "$file"; done');
    expect(await on('cat /etc/passwd; ls /usr/share')).toBe('x\n');
    expect(await imageContents()).toBe(before);
    expect(await readFile('/etc/passwd', 'utf8')).toBe(passwd);
    expect(await onNode(network, 'right', 'grep -c ^root: /etc/passwd; test -x /usr/bin/dig && echo whole')).toBe(
      '1\nwhole\n',
    );
  });

  test('no name and no resolver of the host, and no file by way of the configuration', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'breakwater-secret-'));
    await writeFile(join(folder, 'secret'), 'of the host');
    // A link in the workspace is followed inside the node, and there it leads nowhere.
    expect(await on(`ln -s ${folder}/secret /config/etc/link; cat /config/etc/link`)).toMatch(/No such file/);
    expect(await on('cat /etc/hostname /etc/resolv.conf')).toBe('node\n');
    await rm(folder, { recursive: true });
  });
});

/** Content, modes, owners and times of the parts of the image that the test will attack. */
async function imageContents(): Promise<string> {
  const script = `for layer; do cd "$layer"; for place in etc usr/share usr/bin usr/lib/frr var/lib opt; do
    [ ! -d "$place" ] || { find "$place" -printf '%p %s %m %U %G %T@ %l\\n' | sort; }
  done; find etc usr/bin usr/lib/frr -type f -print0 2>/dev/null | sort -z | xargs -0r cat; done | sha256sum`;
  return (await mustRunInUserNamespace(['sh', '-c', script, 'sh', ...bench.image.layers], { cwd: '/' })).stdout;
}
