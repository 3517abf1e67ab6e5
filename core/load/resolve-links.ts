import { entryOf } from '../model/entry-of.ts';
import { InterfaceName } from '../model/ids.ts';
import { defaultMtu, type Endpoint, type Link } from '../model/topology.ts';
import { type Complaint, type Complaints, oneOf } from './complaints.ts';
import { didYouMean } from './near-spelling.ts';
import type { Path } from './positions.ts';
import { layersOf, scalar } from './resolve-node.ts';
import type { LinkFields, TopologyFile } from './topology-file.ts';
import { complainAt, type YamlFile } from './yaml.ts';

interface Context {
  readonly yaml: YamlFile;
  readonly complaints: Complaints;
}

/** The links of a file, brief and extended form alike, with both ends on nodes that exist and each interface used once. */
export function resolveLinks(file: TopologyFile, { yaml, complaints }: Context): Link[] {
  const used = new Map<string, Path>();
  return (file.topology.links ?? []).flatMap((fields, index) => {
    const path: Path = ['topology', 'links', index];
    const complain = (at: Path, complaint: Complaint): void => complainAt(complaints, yaml, at, complaint);
    const wrongType = typeComplaint(fields);
    if (wrongType !== undefined) {
      complain([...path, 'type'], wrongType);
      return [];
    }
    const [a, b] = fields.endpoints.map((written, end) => {
      const at = [...path, 'endpoints', end];
      const endpoint = parseEndpoint(written, (complaint) => complain(at, complaint));
      if (endpoint === undefined) return undefined;
      const wrong = endpointComplaint(file, endpoint);
      if (wrong !== undefined) complain(at, wrong);
      const name = `${endpoint.node}:${endpoint.interface}`;
      const first = used.get(name);
      if (first === undefined) used.set(name, at);
      else
        complain(at, {
          message: `${name} has a link already`,
          expected: 'one link at an interface',
          hint: `the first is in line ${yaml.place(first).value.line}`,
        });
      return endpoint;
    });
    return a === undefined || b === undefined
      ? []
      : [{ a, b, mtu: fields.mtu === undefined ? defaultMtu : Number(fields.mtu) }];
  });
}

export const refusedLinkTypes: Readonly<Record<string, string>> = {
  dummy: 'a node makes its own dummy interfaces, in /etc/network/interfaces',
  host: 'a lab has no way to the host',
  macvlan: 'a lab has no way to the interfaces of the host',
  'mgmt-net': 'there is no management network',
  'veth-stitch': 'a link joins two nodes of the topology',
  vxlan: 'a lab has no way past the host',
  'vxlan-stitch': 'a lab has no way past the host',
};

function typeComplaint({ type, endpoints }: LinkFields): Complaint | undefined {
  const written = endpoints.map((endpoint) => typeof endpoint);
  if (type === undefined) {
    return written.includes('object')
      ? { message: 'endpoints in the extended form need a type', expected: 'type: veth' }
      : undefined;
  }
  if (type === 'veth') {
    return written.includes('string')
      ? {
          message: 'a link with a type has endpoints in the extended form',
          expected: '{node: …, interface: …} at each end',
          hint: 'or remove `type`',
        }
      : undefined;
  }
  const reason = entryOf(refusedLinkTypes, type);
  return {
    message:
      reason === undefined ? `unknown link type "${type}"` : `links of type ${type} are not supported: ${reason}`,
    expected: 'veth',
  };
}

function parseEndpoint(
  written: LinkFields['endpoints'][number],
  complain: (complaint: Complaint) => void,
): Endpoint | undefined {
  if (typeof written !== 'string') {
    const { node, interface: name, mac } = written;
    return { node, interface: name, ...(mac === undefined ? {} : { mac }) };
  }
  const [node = '', name = '', ...more] = written.split(':');
  const reason = entryOf(refusedLinkTypes, node);
  if (reason !== undefined) {
    complain({ message: `"${written}" is not supported: ${reason}`, expected: 'node:interface' });
    return undefined;
  }
  if (more.length > 0 || node === '' || !InterfaceName.safeParse(name).success) {
    complain({
      message: `"${written}" is not an endpoint`,
      expected: 'node:interface, the interface with at most 15 characters',
    });
    return undefined;
  }
  return { node, interface: name };
}

function endpointComplaint(file: TopologyFile, { node, interface: name }: Endpoint): Complaint | undefined {
  const names = Object.keys(file.topology.nodes);
  if (!names.includes(node))
    return {
      message: `there is no node "${node}"`,
      expected: oneOf(names),
      hint: didYouMean(node, names),
    };
  if (name === 'lo') return { message: 'lo is the loopback of every node', expected: 'another name' };
  if (name === 'eth0' && scalar(layersOf(file, node), 'network-mode') !== 'none') {
    return {
      message: `${node}:eth0 is the management interface in containerlab`,
      expected: 'another name, or network-mode: none at the node',
    };
  }
  return undefined;
}
