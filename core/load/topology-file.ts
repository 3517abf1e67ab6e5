import { entryOf } from '../model/entry-of.ts';
import { z } from 'zod';

import { InterfaceName, NodeName } from '../model/ids.ts';
import type { RefusedKey } from './yaml.ts';

/**
 * The part of containerlab's topology file that a rootless node can honour. Scalars arrive as text
 * (see YamlOptions), as containerlab's own typed decoder takes them.
 */
const TextMap = z.record(z.string(), z.string());

export const NodeFields = z.strictObject({
  kind: z.literal('linux', 'the only kind is linux').optional(),
  group: z.string().optional(),
  image: z.string().min(1).optional(),
  env: TextMap.nullable().optional(),
  labels: TextMap.nullable().optional(),
  sysctls: TextMap.nullable().optional(),
  'cap-add': z.array(z.string()).nullable().optional(),
  'security-opts': z.array(z.literal('systempaths=unconfined')).nullable().optional(),
  binds: z.array(z.string()).nullable().optional(),
  exec: z.array(z.string()).nullable().optional(),
  privileged: z.literal('false').optional(),
  'network-mode': z.literal('none').optional(),
});
export type NodeFields = z.infer<typeof NodeFields>;

export const LinkEndpoint = z.strictObject({
  node: z.string(),
  interface: InterfaceName,
  mac: z
    .string()
    .regex(/^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i, 'expected a unicast MAC address such as 02:00:5e:10:00:01')
    .optional(),
});

export const LinkFields = z.strictObject({
  type: z.string().optional(),
  endpoints: z.tuple([z.union([z.string(), LinkEndpoint]), z.union([z.string(), LinkEndpoint])]),
  mtu: z
    .string()
    .refine(
      (text) => /^\d{2,5}$/.test(text) && Number(text) >= 68 && Number(text) <= 65_535,
      'expected a number of bytes from 68 to 65535',
    )
    .optional(),
});
export type LinkFields = z.infer<typeof LinkFields>;

/** More than any computer carries. */
const nodeLimit = 1000;

export const TopologyFile = z.strictObject({
  name: NodeName.describe('Name of the topology'),
  prefix: z.string().optional(),
  topology: z.strictObject({
    defaults: NodeFields.nullable().optional(),
    kinds: z.strictObject({ linux: NodeFields.nullable().optional() }).nullable().optional(),
    groups: z.record(z.string(), NodeFields.nullable()).nullable().optional(),
    nodes: z
      .record(NodeName, NodeFields.nullable())
      .refine((nodes) => Object.keys(nodes).length <= nodeLimit, `expected at most ${nodeLimit} nodes`)
      .describe('The nodes, by name'),
    links: z.array(LinkFields).nullable().optional(),
  }),
});
export type TopologyFile = z.infer<typeof TopologyFile>;

/** Why a field of containerlab's has no place here. `privileged`, `network-mode` and `kind` have one value each. */
export const refusedKey: RefusedKey = (parent, key) => {
  if (parent.length === 0) return entryOf(refusedAtTop, key);
  if (parent[1] === 'links') return entryOf(refusedInLinks, key);
  if (parent[1] === 'kinds' && parent.length === 2)
    return 'the only kind is linux; others need images of their vendors';
  return parent.length >= 2 ? entryOf(refusedInNodes, key) : undefined;
};

const noHost = 'a lab has no way to the host or past it';
const noDaemon = 'there is no container engine that could do it';
const noResources = 'nodes share the computer without cgroups';
const imageDecides = 'the image decides what a node starts';

export const refusedAtTop: Readonly<Record<string, string>> = {
  debug: 'it belongs to the containerlab program',
  mgmt: `there is no management network; ${noHost}`,
  settings: 'certificates are made in the lab, not for it',
};

export const refusedInNodes: Readonly<Record<string, string>> = {
  '<<': 'YAML 1.2 has no merge keys; use defaults, kinds or groups',
  aliases: 'they are names in the management network, and there is none',
  'auto-remove': 'a node lives as long as its network',
  certificate: 'certificates are files of the node’s configuration',
  'cgroup-parent': noResources,
  'cgroupns-mode': noResources,
  cmd: imageDecides,
  components: 'only hardware emulations have components',
  config: 'configuration lies in the folders that `binds` name',
  cpu: noResources,
  'cpu-set': noResources,
  credentials: 'nodes are entered by their namespaces, without a login',
  devices: 'a node that is given a device of the host can reach the host',
  dns: 'a resolver is configured in the node’s /etc/resolv.conf',
  'enforce-startup-config': 'configuration lies in the folders that `binds` name',
  entrypoint: imageDecides,
  'env-files': 'they could read any file of the computer; use `env`',
  extras: 'they belong to kinds other than linux',
  healthcheck: noDaemon,
  hostname: 'a node’s host name is its name',
  'image-pull-policy': 'images are built or imported, never pulled',
  license: 'only commercial kinds have one',
  'link-apply-mode': 'links do not change while a network runs',
  memory: noResources,
  'mgmt-ipv4': `there is no management network; ${noHost}`,
  'mgmt-ipv6': `there is no management network; ${noHost}`,
  password: 'nodes are entered by their namespaces, without a login',
  'pid-mode': 'a node that sees the processes of the host can reach the host',
  ports: `${noHost}; publish nothing`,
  position: 'positions stand in plan.yml',
  'restart-policy': noDaemon,
  runtime: 'one runtime carries the whole topology',
  'shm-size': noResources,
  stages: 'they can run commands on the host (`target: host`); nodes start side by side',
  'startup-config': 'configuration lies in the folders that `binds` name',
  'startup-delay': 'nodes are awaited by their state, never by the clock',
  'suppress-startup-config': 'configuration lies in the folders that `binds` name',
  tmpfs: 'every node has its own /tmp and /run',
  type: 'the kind linux has no types',
  user: 'services drop to their users themselves',
  username: 'nodes are entered by their namespaces, without a login',
  volumes: 'they outlive the lab; use `binds`',
};

const otherLink = 'it belongs to a link type other than veth';
const addressed = 'the kind linux does not honour it; addresses stand in the node’s configuration';

export const refusedInLinks: Readonly<Record<string, string>> = {
  'dst-port': otherLink,
  endpoint: otherLink,
  'host-interface': `${otherLink}; ${noHost}`,
  ipv4: addressed,
  ipv6: addressed,
  labels: 'links are drawn from their endpoints',
  mode: otherLink,
  remote: `${otherLink}; ${noHost}`,
  'src-port': otherLink,
  vars: 'nothing reads it',
  vni: otherLink,
};
