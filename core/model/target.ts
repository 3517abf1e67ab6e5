import { canonicalAddress, isAddress } from './ip.ts';
import type { Plan } from './plan.ts';

/** Finds the nodes that the target of an attempt names. Made once for a plan. */
export interface Targets {
  /**
   * Of `mx`, `192.0.2.4 port 25`, `alice@isp.example by mx.isp.example port 25`, `https://[2001:db8::1]/x`,
   * `noc:/etc/passwd`, `alice@isp.example`: the node. Of the name of a segment: its members. Nothing where
   * the plan knows none of it.
   */
  nodesOf(target: string): readonly string[];
  /** The owner of an address, in its canonical form. */
  ownerOf(address: string): string | undefined;
}

export function targetsOf(plan: Plan): Targets {
  const owners = new Map<string, string>();
  const hosts = new Map<string, string>();
  const members = new Map<string, Set<string>>();
  for (const [name, node] of Object.entries(plan.nodes)) {
    hosts.set(name, name);
    for (const host of node.names) hosts.set(host.toLowerCase(), name);
    for (const address of node.loopback) owners.set(canonicalAddress(address), name);
    for (const { addresses, to } of Object.values(node.interfaces)) {
      for (const address of addresses) owners.set(canonicalAddress(address), name);
      if (node.side !== 'fabric') members.set(to, (members.get(to) ?? new Set()).add(name));
    }
  }
  const ownerOf = (address: string): string | undefined => owners.get(address);
  const resolve = (host: string): string | undefined =>
    isAddress(host) ? ownerOf(canonicalAddress(host)) : hosts.get(host.toLowerCase().replace(/\.$/, ''));
  return {
    ownerOf,
    nodesOf(target) {
      // The first word that says where: what stands behind it is a port, a file, a remark.
      for (const word of target.split(/[\s,;]+/)) {
        const node = hostsIn(word).map(resolve).find(Boolean);
        if (node !== undefined) return [node];
        const segment = plan.nodes[word] === undefined ? members.get(word) : undefined;
        if (segment !== undefined) return [...segment];
      }
      // A mailbox alone: whoever takes mail there, by the names that such servers have.
      const domain = /@([^\s>,;]+)/.exec(target)?.[1];
      const server = domain === undefined ? undefined : (resolve(`mx.${domain}`) ?? resolve(`mail.${domain}`));
      return server === undefined ? [] : [server];
    },
  };
}

/** What of a word may name a host, the likeliest first. */
function hostsIn(word: string): readonly string[] {
  const authority = /^[a-z][a-z\d+.-]*:\/\/(?:[^@/]*@)?([^/?#]*)/i.exec(word)?.[1] ?? word;
  const bracketed = /^\[([^\]]*)\]/.exec(authority)?.[1];
  const [beforeColon = ''] = authority.split(':');
  return [...(bracketed === undefined ? [] : [bracketed]), authority, beforeColon];
}
