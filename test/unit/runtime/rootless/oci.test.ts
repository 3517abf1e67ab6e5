import { expect, test } from 'vitest';

import type { TopologyNode } from '#core/model/topology.ts';
import { ociConfiguration } from '#core/runtime/rootless/oci.ts';

const node: TopologyNode = {
  name: 'pe1',
  kind: 'linux',
  image: 'breakwater-node:1',
  env: { SERVICES: 'frr' },
  labels: {},
  sysctls: { 'net.ipv4.ip_forward': '1' },
  capAdd: ['NET_ADMIN'],
  securityOpts: [],
  binds: [],
  exec: [],
};
const bundle = { root: '/r', binds: [{ source: '/w/pe1', target: '/config', readOnly: true }], interfaces: 3 };
const configure = (change: Partial<TopologyNode> = {}): any => ociConfiguration({ ...node, ...change }, bundle);

test('a node has namespaces of its own, and the sandbox’s users under their numbers', () => {
  const { namespaces, uidMappings, gidMappings } = configure().linux;
  expect(namespaces.map((it: { type: string }) => it.type).toSorted()).toEqual([
    'ipc',
    'mount',
    'network',
    'pid',
    'user',
    'uts',
  ]);
  for (const mappings of [uidMappings, gidMappings])
    for (const { containerID, hostID } of mappings) expect(containerID).toBe(hostID);
});

test('a node has Docker’s capabilities and those that the topology adds, each once', () => {
  const { bounding, effective, permitted } = configure({ capAdd: ['NET_ADMIN', 'NET_RAW'] }).process.capabilities;
  expect(bounding.filter((it: string) => it === 'CAP_NET_RAW')).toHaveLength(1);
  expect(bounding).toContain('CAP_NET_ADMIN');
  expect(bounding).not.toContain('CAP_SYS_ADMIN');
  expect(bounding).not.toContain('CAP_SYS_MODULE');
  expect([effective, permitted]).toEqual([bounding, bounding]);
});

test('system paths are masked unless the topology says otherwise', () => {
  expect(configure().linux.readonlyPaths).toContain('/proc/sys');
  expect(configure().linux.maskedPaths).toContain('/proc/kcore');
  expect(configure({ securityOpts: ['systempaths=unconfined'] }).linux).not.toHaveProperty('readonlyPaths');
});

test('binds come last, without devices and set-user-id programs, read-only where it is said', () => {
  const { mounts } = configure();
  expect(mounts.at(-1)).toEqual({
    destination: '/config',
    type: 'bind',
    source: '/w/pe1',
    options: ['rbind', 'ro', 'nosuid', 'nodev'],
  });
  expect(mounts.find((it: { destination: string }) => it.destination === '/sys').options).toContain('ro');
});

test('the node is told its services and how many links to wait for, and its own environment wins', () => {
  expect(configure().process.env).toEqual(expect.arrayContaining(['SERVICES=frr', 'CLAB_INTFS=3']));
  expect(
    configure({ env: { LANG: 'de_DE.UTF-8' } }).process.env.filter((it: string) => it.startsWith('LANG=')),
  ).toEqual(['LANG=de_DE.UTF-8']);
  expect(configure()).toMatchObject({ hostname: 'pe1', root: { path: '/r' }, linux: { sysctl: node.sysctls } });
});
