import { entryOf } from '../model/entry-of.ts';
import type { Bind, TopologyNode } from '../model/topology.ts';
import type { Complaint, Complaints } from './complaints.ts';
import { capabilities } from './capabilities.ts';
import { parseBind } from './parse-bind.ts';
import type { Path } from './positions.ts';
import { didYouMean } from './near-spelling.ts';
import type { NodeFields, TopologyFile } from './topology-file.ts';
import { complainAt, type YamlFile } from './yaml.ts';

interface Context {
  readonly yaml: YamlFile;
  readonly complaints: Complaints;
}

/** A place in the file where fields of a node stand, the least specific first. */
interface Layer {
  readonly path: Path;
  readonly fields: NodeFields;
}

/**
 * A node with what it inherits, by containerlab's rules: of a scalar the most specific wins, maps
 * merge, lists append from defaults over kind and group to the node. Undefined when it cannot be one.
 */
export function resolveNode(file: TopologyFile, name: string, { yaml, complaints }: Context): TopologyNode | undefined {
  const layers = layersOf(file, name);
  const complain = (path: Path, complaint: Complaint, part: 'key' | 'value' = 'value'): void =>
    complainAt(complaints, yaml, path, complaint, part);
  const own: Path = ['topology', 'nodes', name];
  const expand = (text: string): string => expandMagic(text, name, file.name);

  const kind = scalar(layers, 'kind');
  const image = scalar(layers, 'image');
  if (kind === undefined)
    complain(
      own,
      { message: `${name} has no kind`, expected: 'kind: linux', hint: 'say it once under topology.defaults' },
      'key',
    );
  if (image === undefined)
    complain(
      own,
      {
        message: `${name} has no image`,
        expected: 'the name of an image',
        hint: 'say it once under topology.defaults',
      },
      'key',
    );

  checkEntries(layers, complain);
  const binds = new Map<string, Bind>();
  for (const { path, text } of entriesOf(layers, 'binds')) {
    const bind = parseBind(expand(text), (complaint) => complain(path, complaint));
    // Of two binds to one folder of the node the more specific holds, as in containerlab.
    if (bind !== undefined) binds.set(bind.target, bind);
  }
  if (kind === undefined || image === undefined) return undefined;
  return {
    name,
    kind,
    image,
    env: merged(layers, 'env'),
    labels: merged(layers, 'labels'),
    // Containerlab's kind linux sets it last, whatever the file says.
    sysctls: { ...merged(layers, 'sysctls'), 'net.ipv6.conf.all.disable_ipv6': '0' },
    capAdd: [...new Set(entriesOf(layers, 'cap-add').map(({ text }) => text.replace(/^CAP_/, '')))],
    securityOpts: [...new Set(entriesOf(layers, 'security-opts').map(({ text }) => text))],
    binds: [...binds.values()],
    exec: entriesOf(layers, 'exec').map(({ text }) => expand(text)),
  };
}

/** The fields that a node inherits and has, in the order defaults, kind, group, node. */
export function layersOf({ topology }: TopologyFile, name: string): Layer[] {
  const node = entryOf(topology.nodes, name) ?? {};
  const groupOf = node.group ?? topology.defaults?.group;
  const kind =
    node.kind ??
    (groupOf === undefined ? undefined : entryOf(topology.groups, groupOf)?.kind) ??
    topology.defaults?.kind;
  const group =
    node.group ?? (kind === undefined ? undefined : topology.kinds?.[kind]?.group) ?? topology.defaults?.group;
  const layers: { path: Path; fields: NodeFields | null | undefined }[] = [
    { path: ['topology', 'defaults'], fields: topology.defaults },
    ...(kind === undefined ? [] : [{ path: ['topology', 'kinds', kind], fields: topology.kinds?.[kind] }]),
    ...(group === undefined ? [] : [{ path: ['topology', 'groups', group], fields: entryOf(topology.groups, group) }]),
    { path: ['topology', 'nodes', name], fields: node },
  ];
  return layers.flatMap(({ path, fields }) => (fields === undefined || fields === null ? [] : [{ path, fields }]));
}

export function scalar<Key extends 'kind' | 'image' | 'network-mode'>(
  layers: readonly Layer[],
  key: Key,
): NodeFields[Key] {
  return layers.findLast(({ fields }) => fields[key] !== undefined)?.fields[key];
}

function merged(layers: readonly Layer[], key: 'env' | 'labels' | 'sysctls'): Record<string, string> {
  return Object.assign({}, ...layers.map(({ fields }) => fields[key] ?? {})) as Record<string, string>;
}

function entriesOf(
  layers: readonly Layer[],
  key: 'binds' | 'cap-add' | 'exec' | 'security-opts',
): { path: Path; text: string }[] {
  return layers.flatMap(({ path, fields }) =>
    (fields[key] ?? []).map((text, index) => ({ path: [...path, key, index], text })),
  );
}

function checkEntries(
  layers: readonly Layer[],
  complain: (path: Path, complaint: Complaint, part?: 'key' | 'value') => void,
): void {
  for (const { path, text } of entriesOf(layers, 'cap-add')) {
    if (!capabilities.has(text.replace(/^CAP_/, ''))) {
      complain(path, {
        message: `"${text}" is not a capability`,
        expected: 'a name of capabilities(7), such as NET_ADMIN',
        hint: didYouMean(text, capabilities),
      });
    }
  }
  for (const { path, fields } of layers) {
    for (const name of Object.keys(fields.sysctls ?? {})) {
      if (!/^net(?:\.[A-Za-z0-9_/-]+)+$/.test(name)) {
        complain(
          [...path, 'sysctls', name],
          {
            message: `"${name}" does not belong to a node`,
            expected: 'a sysctl below net., as each node has its own network stack',
          },
          'key',
        );
      }
    }
    for (const [name, value] of Object.entries(fields.env ?? {})) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        complain(
          [...path, 'env', name],
          { message: `"${name}" is not a name of an environment variable`, expected: 'letters, digits and _' },
          'key',
        );
      if (/__clab\w+__/.test(value))
        complain([...path, 'env', name], {
          message: 'a magic variable, which containerlab leaves as it is in env',
          expected: 'magic variables in binds and exec only',
        });
    }
    for (const { path: at, text } of [
      ...entriesOf([{ path, fields }], 'binds'),
      ...entriesOf([{ path, fields }], 'exec'),
    ]) {
      const unknown = text
        .match(/__clab\w+?__/g)
        ?.find((variable) => variable !== '__clabNodeName__' && variable !== '__clabLabName__');
      if (unknown !== undefined)
        complain(at, {
          message: `${unknown} is a folder that only containerlab has`,
          expected: '__clabNodeName__ or __clabLabName__',
        });
    }
  }
}

/** Containerlab's magic variables. The lab's name stands for the name of its folder, `clab-<name>`. */
function expandMagic(text: string, node: string, lab: string): string {
  return text.replaceAll('__clabNodeName__', node).replaceAll('__clabLabName__', `clab-${lab}`);
}
