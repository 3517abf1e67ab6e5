import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Network } from '#core/runtime/runtime.ts';

import { awaitState } from './await-state.ts';
import { type Bench, onNode, openBench } from './small-network.ts';

let bench: Bench;
let one: Network;
let other: Network;
beforeAll(async () => {
  bench = await openBench();
  [one, other] = await Promise.all([bench.deploy('one'), bench.deploy('other')]);
});
afterAll(async () => bench?.remove());

test('two networks of one topology have the same names and addresses, and are two', async () => {
  const look = 'hostname; ip -o addr show dev eth0 scope global | grep -o "inet6* [^ ]*"';
  expect(await onNode(one, 'left', look)).toBe(await onNode(other, 'left', look));
  await onNode(one, 'left', 'echo one >/root/mark; echo one >/etc/nftables.mark; ip link set eth0 mtu 1400');
  expect(
    await onNode(other, 'left', 'cat /root/mark /etc/nftables.mark 2>/dev/null; cat /sys/class/net/eth0/mtu'),
  ).toBe('1500\n');
});

test('what one sends, the other never sees', async () => {
  const nonce = randomBytes(8).toString('hex');
  const captures = [one, other].flatMap((network) =>
    ['left', 'right'].map((node) => ({
      network: network.name,
      process: network.node(node).spawn(['tcpdump', '-i', 'any', '-U', '-w', '-']),
    })),
  );
  await Promise.all(captures.map((capture) => capture.process.waitFor(/listening on/, 10_000)));

  await onNode(
    one,
    'left',
    `ping -c 5 -i 0.1 -p ${nonce} 198.51.100.2; ping -c 5 -i 0.1 -p ${nonce} 2001:db8:1::2; ping -c 2 -i 0.1 -W 1 -b -p ${nonce} 198.51.100.255`,
  );
  // The other's own traffic, captured after: whatever was to come has come.
  const end = randomBytes(8).toString('hex');
  for (const network of [one, other]) await onNode(network, 'left', `ping -c 1 -p ${end} 198.51.100.2`);
  const saw = (network: string, what: string): number =>
    captures.filter((it) => it.network === network && it.process.stdout().includes(Buffer.from(what, 'hex'))).length;
  await awaitState(async () => expect([saw('one', end), saw('other', end)]).toEqual([2, 2]));

  expect(saw('one', nonce)).toBe(2);
  expect(saw('other', nonce)).toBe(0);
  await Promise.all(captures.map((capture) => capture.process.stop()));
});

test('a process of one is unknown to the other, and taking one down leaves the other whole', async () => {
  await onNode(one, 'right', 'sleep 4242 >/dev/null 2>&1 &');
  expect(await onNode(one, 'right', 'pgrep -cf "^sleep 4242"')).toBe('1\n');
  expect(await onNode(other, 'right', 'pgrep -cf "^sleep 4242"')).toBe('0\n');
  await one.destroy();
  expect(await onNode(other, 'left', 'ping -c 1 -W 5 198.51.100.2 >/dev/null && echo answers')).toBe('answers\n');
});
