/**
 * A containerlab topology after reading and resolution: defaults, kinds and groups merged
 * (containerlab's rule: scalars most specific wins, maps merge, lists append), paths absolute.
 * The file format is containerlab's (https://containerlab.dev/manual/topo-def-file/); the subset that
 * the rootless runtime supports is in `docs/topology.md`.
 */
export interface Topology {
  readonly name: string;
  /** Absolute path of the `.clab.yml`. */
  readonly file: string;
  /** Absolute folder that relative binds start from. */
  readonly folder: string;
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly links: readonly Link[];
}

export interface TopologyNode {
  readonly name: string;
  readonly kind: 'linux';
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly sysctls: Readonly<Record<string, string>>;
  /** Names of capabilities(7) without the prefix CAP_. */
  readonly capAdd: readonly string[];
  /** Only `systempaths=unconfined` exists: /proc/sys stays writable. */
  readonly securityOpts: readonly string[];
  readonly binds: readonly Bind[];
  /** Commands run in the node once its links are up, each split into words without a shell, as containerlab does. */
  readonly exec: readonly string[];
}

export interface Bind {
  /** As written, with magic variables expanded; relative to the topology's folder. */
  readonly source: string;
  /** Absolute path in the node. */
  readonly target: string;
  readonly readOnly: boolean;
}

export interface Endpoint {
  readonly node: string;
  readonly interface: string;
  readonly mac?: string;
}

/** A veth pair. */
export interface Link {
  readonly a: Endpoint;
  readonly b: Endpoint;
  readonly mtu: number;
}

/** Containerlab's default, so that OSPF and path MTU behave alike on both runtimes. */
export const defaultMtu = 9500;

/** The part of a topology that some nodes need: those nodes, and the links with both ends among them. */
export function subTopology(topology: Topology, names: readonly string[]): Topology {
  const wanted = new Set(names);
  return {
    ...topology,
    nodes: new Map([...topology.nodes].filter(([name]) => wanted.has(name))),
    links: topology.links.filter((link) => wanted.has(link.a.node) && wanted.has(link.b.node)),
  };
}
