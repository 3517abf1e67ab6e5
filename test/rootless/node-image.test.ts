import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Appliance, openAppliance, requireLab } from '#core/appliance/appliance.ts';
import { openTransientNetwork, type TransientNetwork } from '#core/appliance/transient.ts';
import { productFolder } from '#core/exec/paths.ts';
import { mustRunInUserNamespace } from '#core/exec/user-namespace.ts';
import { versionsOf } from '#core/image/versions.ts';

let appliance: Appliance;
let small: TransientNetwork;

beforeAll(async () => {
  appliance = await openAppliance('test');
  await appliance.image();
  small = await openTransientNetwork(appliance, {
    purpose: 'image-test',
    // A lab's nodes, because a mail server that cannot look names up waits for them at every step.
    nodes: requireLab(appliance, 'mail/open-relay').nodes,
    tree: async (workspace) => workspace.importTree(await appliance.baseline()),
  });
}, 600_000);

afterAll(async () => small?.close());

/** Output of a command that must succeed. */
async function on(node: string, command: string): Promise<string> {
  const result = await small.network.node(node).exec(['sh', '-c', command], { timeoutMs: 30_000 });
  expect(result, command).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

/** What the window does with a file that was saved. */
function apply(node: string, name: string) {
  return small.network.node(node).exec(['/usr/lib/breakwater/apply', name], { timeoutMs: 60_000 });
}

/** What the workspace holds, read as the sandbox's root: daemons make their files their own. */
async function saved(path: string): Promise<string> {
  return (await mustRunInUserNamespace(['cat', join(small.workspace.configs, path)])).stdout;
}

test('the documents name the versions that the image has', async () => {
  const documented = await readFile(join(productFolder(), 'docs', 'image.md'), 'utf8');
  // The last number changes with security updates.
  const release = (version: string): string => version.split('.').slice(0, 2).join('.');
  const rows = [...documented.matchAll(/^\| (\w+) +\| `[\w-]+` *\| ([\d.a-z]+) +\|$/gm)];
  const versions = await versionsOf(await appliance.image());
  expect(versions.length).toBeGreaterThan(8);
  expect(rows.map(([, name, version]) => [name, release(version!)])).toEqual(
    versions.map((it) => [it.name, release(it.version)]),
  );
});

describe('a node feels like a Debian machine', () => {
  test.for([
    'nano',
    'vim',
    'less',
    'tcpdump',
    'dig',
    'swaks',
    'curl',
    'ping',
    'traceroute',
    'ip',
    'nft',
    'vtysh',
    'ps',
    'ss',
  ])('it has %s', async (program) => {
    expect(await on('p1', `command -v ${program}`)).toContain('/');
  });

  test('PID 1 reaps: `service named restart` and `service frr restart` come back', async () => {
    const pid = () => on('ns1', 'pgrep -x named');
    const before = await pid();
    await on('ns1', 'service named restart');
    expect(await pid()).not.toBe(before);
    expect(await on('ns1', 'dig +short @127.0.0.1 isp.example SOA')).toContain('ns1.isp.example.');

    await on('p1', 'service frr restart');
    expect(await on('p1', "vtysh -c 'show version'")).toContain('FRRouting');
  });

  test('`postfix reload` and `service rsyslog restart` work', async () => {
    await on('mx', 'postfix reload');
    expect(await on('mx', 'service postfix status 2>&1')).toContain('is running');
    await on('mx', 'service rsyslog restart && service rsyslog status');
  });

  test('named logs queries as its file says, without a restart', async () => {
    const logged = "rndc status | grep -o 'query logging is .*'";
    const category = 'logging { category queries { default_syslog; }; };';
    expect(await on('res1', logged)).toBe('query logging is OFF\n');
    await on('res1', `cp /etc/bind/named.conf /tmp/kept && echo '${category}' >>/etc/bind/named.conf`);
    expect(await apply('res1', 'bind')).toMatchObject({ exitCode: 0 });
    expect(await on('res1', logged)).toBe('query logging is ON\n');
    await on('res1', 'cat /tmp/kept >/etc/bind/named.conf');
    expect(await apply('res1', 'bind')).toMatchObject({ exitCode: 0 });
    expect(await on('res1', logged)).toBe('query logging is OFF\n');
  });

  test('Postfix does not wait for a file to grow old that has just been laid out', async () => {
    // dict_load_file() "pauses to let it cool down" where a file is younger; of a compiled map it does not ask.
    const young = "find /etc/postfix -type f ! -name '*.db' -newermt '-1 second'";
    await on('mx', 'touch /etc/postfix/main.cf');
    expect(await on('mx', young)).toContain('main.cf');
    await on('mx', '/usr/lib/breakwater/link-config');
    expect(await on('mx', young)).toBe('');
  });

  test('postfwd answers though more connections are kept open than its own limit of 100', async () => {
    const ask = [
      'import socket',
      'doors = [socket.create_connection(("127.0.0.1", 10040), 10) for _ in range(150)]',
      'for door in doors:',
      '    door.sendall(b"request=smtpd_access_policy\\nprotocol_state=RCPT\\n\\n")',
      '    print(door.recv(100).decode())',
    ].join('\n');
    const answers = await on('mx', `python3 -c '${ask}'`);
    expect(answers.match(/^action=/gm)).toHaveLength(150);
  });

  test('logs are where an operator looks', async () => {
    await on(
      'mx',
      'logger -p mail.info looked-for; for i in 1 2 3 4 5 6 7 8 9 10; do grep -q looked-for /var/log/mail.log && exit 0; sleep 0.2; done; exit 1',
    );
    expect(await on('p1', 'ls /var/log/frr')).toContain('frr.log');
  });

  test('a line that FRR does not understand is told when the file is applied', async () => {
    expect(await apply('p1', 'frr')).toMatchObject({ exitCode: 0, stderr: '' });
    await on('p1', "cp /etc/frr/frr.conf /tmp/kept && echo 'ip ruote 192.0.2.77/32 blackhole' >>/etc/frr/frr.conf");
    expect(await apply('p1', 'frr')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^line \d+: % Unknown command.*: +ip ruote 192\.0\.2\.77\/32 blackhole$/m),
    });
    await on('p1', 'cat /tmp/kept >/etc/frr/frr.conf');
    expect(await apply('p1', 'frr')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('a Postfix that does not take its configuration is told', async () => {
    await on('mx', "cp /etc/postfix/main.cf /tmp/kept && echo 'inet_protocols = ipv5' >>/etc/postfix/main.cf");
    expect(await apply('mx', 'postfix')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('see /var/log/mail.log'),
    });
    expect(await on('mx', 'grep fatal /var/log/mail.log')).toContain('unknown inet_protocols value "ipv5"');
    await on('mx', 'cat /tmp/kept >/etc/postfix/main.cf');
    expect(await apply('mx', 'postfix')).toMatchObject({ exitCode: 0 });
    expect(await on('mx', 'service postfix status 2>&1')).toContain('is running');
  });

  test('`write memory` reaches the workspace', async () => {
    await on(
      'p1',
      "vtysh -c 'configure terminal' -c 'interface srv0' -c 'description from the terminal' -c end -c 'write memory'",
    );
    expect(await saved('p1/etc/frr/frr.conf')).toContain('description from the terminal');
  });

  test('an editor that saves by rename reaches the workspace too', async () => {
    await on('p1', "sed -i '1a # by rename' /etc/nftables.conf && test ! -L /etc/nftables.conf");
    await small.network.collectEdits();
    expect(await saved('p1/etc/nftables.conf')).toContain('# by rename');
    expect(await on('p1', 'readlink /etc/nftables.conf && grep -c by.rename /etc/nftables.conf')).toContain(
      '/config/etc/nftables.conf',
    );
    await on('p1', 'nft -f /etc/nftables.conf');
  });

  test('the init script of rsyslog is the only one that is ours', async () => {
    const files = await readFile(join(appliance.product, 'image/files/etc/init.d/rsyslog'), 'utf8');
    expect(await on('p1', 'cat /etc/init.d/rsyslog')).toBe(files);
  });
});
