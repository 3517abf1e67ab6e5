import type { Network, NodeProcess } from '../runtime/runtime.ts';

/**
 * Raises an interface of an attacker and gives it addresses, until `stop`. Afterwards, also when we
 * are killed, the addresses are gone and the link is down again if it was down before.
 */
export async function raiseInterface(
  network: Network,
  node: string,
  iface: string,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<NodeProcess> {
  const { stdout } = await network.node(node).exec(['cat', `/sys/class/net/${iface}/flags`], { signal });
  const wasUp = (Number(stdout) & 1) !== 0; // IFF_UP, netdevice(7)
  const batch = (verb: string): string[] =>
    addresses.map(
      (cidr) => `ip addr ${verb} ${cidr} dev ${iface}${verb === 'add' && cidr.includes(':') ? ' nodad' : ''}`,
    );
  const process = network
    .node(node)
    .spawn(
      ['sh', '-ec', [`ip link set dev ${iface} up`, ...batch('add'), 'echo raised', 'exec sleep infinity'].join('\n')],
      {
        signal,
        undo: [...batch('del'), ...(wasUp ? [] : [`ip link set dev ${iface} down`])].join('; ') || 'true',
      },
    );
  await process.waitFor(/^raised$/, 5000);
  return process;
}
