import { type NodeFields, refusedAtTop, refusedInLinks, refusedInNodes } from '#core/load/topology-file.ts';
import { refusedLinkTypes } from '#core/load/resolve-links.ts';
import { table } from './sections.ts';

/** What a node's fields do here. A field that is new in the schema and not in this list does not compile. */
const nodeFields: Readonly<Record<keyof NodeFields, string>> = {
  kind: '`linux`, the only one',
  group: 'name of an entry of `topology.groups` that the node inherits from',
  image: 'read and not used: every node runs the node image of this version',
  env: 'environment of the node; `SERVICES` names what it starts, in order',
  labels: 'kept, without effect',
  sysctls: 'set before the node starts; only below `net.`. What a trainee mends belongs in `/etc/sysctl.d`',
  'cap-add': 'capabilities beyond Docker’s default set; they count inside the node only',
  'security-opts': '`systempaths=unconfined`: `/proc/sys` is writable in the node',
  binds:
    '`folder:/target[:ro]`, the folder below the topology’s own; `__clabNodeName__` and `__clabLabName__` are replaced',
  exec: 'commands run in the node once it has started, words without a shell; one that fails is told and stops nothing',
  privileged: '`false`',
  'network-mode': '`none`: there is no management network, so `eth0` is a name like any other',
};

/** The tables of docs/topology.md, by the name of their section. */
export function topologySections(): Record<string, string> {
  const refusals = (reasons: Readonly<Record<string, string>>): string =>
    table(
      ['field', 'reason'],
      Object.entries(reasons)
        .filter(([name]) => name !== '<<')
        .map(([name, reason]) => [`\`${name}\``, reason]),
    );
  return {
    'node fields': table(
      ['field', 'what it does here'],
      Object.entries(nodeFields).map(([name, what]) => [`\`${name}\``, what]),
    ),
    'refused at the top': refusals(refusedAtTop),
    'refused in nodes': refusals(refusedInNodes),
    'refused in links': refusals(refusedInLinks),
    'refused link types': table(
      ['type', 'reason'],
      Object.entries(refusedLinkTypes).map(([name, reason]) => [`\`${name}\``, reason]),
    ),
  };
}
