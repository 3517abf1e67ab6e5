import { afterAll, beforeAll, expect, test } from 'vitest';

import { openAppliance } from '#core/appliance/appliance.ts';
import { applyChanges } from '#core/appliance/apply-changes.ts';
import { type LaidOut, type ProvingGround, provingGround } from '#core/appliance/proving-ground.ts';
import { awaitReady } from '#core/appliance/ready.ts';
import { openTransientNetwork, type TransientNetwork } from '#core/appliance/transient.ts';
import type { ConfigFile } from '#core/model/config-file.ts';
import type { TreeId } from '#core/workspace/store.ts';

/** What one configuration started, kept or refused to stop must not be there under the next one, or a wrong fix would be judged by what another left. */

let network: TransientNetwork;
let ground: ProvingGround;

beforeAll(async () => {
  const appliance = await openAppliance('test');
  await appliance.image();
  network = await openTransientNetwork(appliance, {
    purpose: 'ground-test',
    nodes: ['mx', 'www', 'fabric'],
    tree: async (workspace) => workspace.importTree(await appliance.baseline()),
  });
  const { signal } = new AbortController();
  ground = provingGround(
    network,
    (nodes) => awaitReady(network.network, appliance.plan, { nodes, seconds: 20, signal }),
    signal,
  );
});
afterAll(async () => network?.close());

test('a resolver that the start of the node started listens where the new files say, and nowhere else', async () => {
  await layOut(resolver(53));
  expect(await namePorts('mx')).toEqual(['53']);
  expect((await layOut(resolver(5353))).how).toBe('recreated');
  expect(await namePorts('mx')).toEqual(['5353']);
  await layOut([]);
  expect(await namePorts('mx')).toEqual([]);
});

test.each([
  ['www', 'www/etc/nginx/nginx.conf', 'http { nonsense; }\n', 'nginx'],
  ['www', 'www/etc/ssh/sshd_config', 'Nonsense yes\n', 'sshd'],
  ['mx', 'mx/etc/postfix/main.cf', 'compatibility_level = nonsense\n', 'master'],
  ['mx', 'mx/etc/dovecot/dovecot.conf', 'nonsense {\n', 'dovecot'],
])('on %s a daemon whose file %s is wrong is not running with the old one', async (node, path, content, daemon) => {
  await layOut([]);
  expect(await on(node, `pgrep -x ${daemon} >/dev/null && echo runs`)).toBe('runs\n');
  await layOut([{ path, content: Buffer.from(content) }]);
  expect(await on(node, `pgrep -x ${daemon} >/dev/null && echo runs`)).toBe('');
});

test('what others learned meanwhile is forgotten, too: they ask again who is there', async () => {
  await layOut([]);
  const neighbours = (): Promise<string> => on('www', 'ip neigh show 192.0.2.4 | grep -o lladdr');
  await on('www', 'ping -c 1 -W 5 192.0.2.4');
  expect(await neighbours()).toBe('lladdr\n');
  // Whoever waits until all is ready has all nodes ask each other: here nobody waits.
  const tree = await treeWith([{ path: 'mx/etc/postfix/mine', content: Buffer.from('y') }]);
  expect(await ground.layOut(tree, 'test')).toEqual({ nodes: ['mx'], how: 'renewed' });
  expect(await neighbours()).toBe('');
});

test('a running network that is switched is restarted where only a start of the node does it', async () => {
  const become = async (files: readonly ConfigFile[]): Promise<void> => {
    const { workspace, network: running } = network;
    const { plan } = await openAppliance('test');
    const nodes = await applyChanges(running, await workspace.checkout(await treeWith(files), 'test'));
    await awaitReady(running, plan, { nodes, seconds: 8 });
  };
  await layOut([]);
  await become(resolver(53));
  expect(await namePorts('mx')).toEqual(['53']);
  await become(resolver(5353));
  expect(await namePorts('mx')).toEqual(['5353']);
  await become([]);
  expect(await namePorts('mx')).toEqual([]);
});

test('what a service wrote down for its next start is gone with it, as are the mails that it had', async () => {
  await layOut([]);
  await on(
    'mx',
    'touch /var/lib/postfix/postscreen_cache.db /var/spool/postfix/deferred/1; mkdir -p /var/mail/virtual/alice/new',
  );
  const { how } = await layOut([{ path: 'mx/etc/postfix/mine', content: Buffer.from('x') }]);
  expect(how).toBe('renewed');
  expect(
    await on(
      'mx',
      'ls /var/lib/postfix/postscreen_cache.db /var/spool/postfix/deferred/1 /var/mail/virtual/alice; true',
    ),
  ).toBe('');
  expect(await on('mx', 'postfix status && echo runs')).toBe('runs\n');
});

async function treeWith(files: readonly ConfigFile[]): Promise<TreeId> {
  const { workspace } = network;
  const below = await workspace.importTree(await (await openAppliance('test')).baseline());
  return workspace.importTree(files, { below });
}

async function layOut(files: readonly ConfigFile[]): Promise<LaidOut> {
  const tree = await treeWith(files);
  const laidOut = await ground.layOut(tree, 'test');
  const { plan } = await openAppliance('test');
  await awaitReady(network.network, plan, { nodes: laidOut.nodes, seconds: 8 }).catch(() => undefined);
  return laidOut;
}

function resolver(port: number): ConfigFile[] {
  const options = `options { directory "/var/cache/bind"; listen-on port ${port} { any; }; listen-on-v6 port ${port} { any; }; recursion yes; };\n`;
  return [
    { path: 'mx/etc/bind/named.conf', content: Buffer.from(options) },
    { path: 'mx/etc/rc.local', content: Buffer.from('#!/bin/sh\nservice named start\n'), executable: true },
  ];
}

/** The ports of name servers where something listens. */
async function namePorts(node: string): Promise<string[]> {
  const said = await on(
    node,
    `ss -Hlun '( sport = :53 or sport = :5353 )' | awk '{ print $4 }' | sed 's/.*://' | sort -u`,
  );
  return said.split('\n').filter(Boolean);
}

async function on(node: string, script: string): Promise<string> {
  return (await network.network.node(node).exec(['sh', '-c', script])).stdout;
}
