import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Network } from '#core/runtime/runtime.ts';
import type { Workspace } from '#core/workspace/workspace.ts';

import { type Bench, onNode, openBench, started } from './small-network.ts';

let bench: Bench;
let network: Network;
let workspace: Workspace;
beforeAll(async () => {
  bench = await openBench();
  network = await bench.deploy('life');
  workspace = await bench.workspaceOf('life');
});
afterAll(async () => bench?.remove());

const on = (script: string): Promise<string> => onNode(network, 'left', script);
const inWorkspace = async (path: string): Promise<string> => (await workspace.readFile(path)).content;

test('an edit made on a node is in the workspace at once, whichever editor saved it in place', async () => {
  await on('echo "# by echo" >>/etc/nftables.conf');
  expect(await inWorkspace('left/etc/nftables.conf')).toContain('# by echo');
  await on("vim -es -c 'normal Go# by vim' -c wq /etc/nftables.conf </dev/null");
  expect(await inWorkspace('left/etc/nftables.conf')).toMatch(/# by echo\n# by vim\n$/);
});

test('an edit saved by rename is brought home, and the file is linked again', async () => {
  await on("sed -i 's/# by vim/# by sed/' /etc/nftables.conf");
  await network.collectEdits();
  expect(await inWorkspace('left/etc/nftables.conf')).toMatch(/# by sed\n$/);
  expect(await on('readlink /etc/nftables.conf')).toBe('/config/etc/nftables.conf\n');
});

test('an edit made outside is on the node at once, in place and by rename', async () => {
  const { blob } = await workspace.readFile('left/etc/nftables.conf');
  await workspace.writeFile('left/etc/nftables.conf', '# from outside\n', blob);
  expect(await on('cat /etc/nftables.conf')).toBe('# from outside\n');
  const file = join(workspace.configs, 'left', 'etc', 'sysctl.d', '10-host.conf');
  await writeFile(`${file}.new`, '# renamed outside\n');
  await rename(`${file}.new`, file);
  expect(await on('cat /etc/sysctl.d/10-host.conf')).toBe('# renamed outside\n');
});

test('what a daemon saved as its own user, for its eyes alone, is kept and comes back', async () => {
  await on('install -o frr -g frr -m 600 /dev/null /etc/network/secret; echo "key of frr" >/etc/network/secret');
  const kept = await workspace.snapshot('with a secret');
  await on('rm /etc/network/secret');
  expect((await workspace.restore(kept!.id)).map(({ path }) => path)).toEqual(['left/etc/network/secret']);
  expect(await on('cat /etc/network/secret')).toBe('key of frr\n');
});

test('a restart begins from the files as they stand, and a file that is gone takes its effect along', async () => {
  await on('printf "table inet mine {\\n}\\n" >/etc/nftables.conf');
  await network.restart(['left']);
  await started(network, 'left');
  expect(await on('nft list ruleset')).toBe('table inet mine {\n}\n');
  await on('rm /etc/nftables.conf /config/etc/nftables.conf');
  await network.restart(['left']);
  await started(network, 'left');
  expect(await on('nft list ruleset')).toBe('');
});

test('edits outlive the network, whose holder is killed to take it down', async () => {
  await on('echo "last words" >/etc/network/note; echo motd >/config/etc/motd');
  await network.destroy();
  expect(await inWorkspace('left/etc/network/note')).toBe('last words\n');
  expect(await inWorkspace('left/etc/motd')).toBe('motd\n');
});
