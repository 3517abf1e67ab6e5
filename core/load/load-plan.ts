import { entryOf } from '../model/entry-of.ts';
import { type Plan, PlanFile } from '../model/plan.ts';
import type { Topology } from '../model/topology.ts';
import { complainOfAddresses } from './check-addresses.ts';
import { Complaints, oneOf } from './complaints.ts';
import { didYouMean } from './near-spelling.ts';
import { readText } from './read-file.ts';
import { checkShape, complainAt, parseYaml, type YamlFile } from './yaml.ts';

/** Reads `plan.yml` and compares it with the topology that it describes. @throws DiagnosticsError */
export function loadPlan(file: string, topology: Topology): Plan {
  return parsePlan(file, readText(file), topology);
}

/** The same from a text. Pure. @throws DiagnosticsError */
export function parsePlan(file: string, text: string, topology: Topology): Plan {
  const complaints = new Complaints();
  const yaml = parseYaml(file, text);
  const plan = checkShape(yaml, PlanFile, complaints);
  if (plan !== undefined) {
    complainOfNodes(complaints, yaml, plan, topology);
    complainOfInterfaces(complaints, yaml, plan, topology);
    complainOfCustomers(complaints, yaml, plan);
    complainOfNeighbors(complaints, yaml, plan);
    complainOfAddresses(complaints, yaml, plan);
  }
  complaints.end();
  return plan as Plan;
}

function complainOfNodes(complaints: Complaints, yaml: YamlFile, plan: Plan, topology: Topology): void {
  for (const name of Object.keys(plan.nodes)) {
    if (topology.nodes.has(name)) continue;
    complainAt(
      complaints,
      yaml,
      ['nodes', name],
      { message: `the topology ${topology.name} has no node "${name}"`, hint: didYouMean(name, topology.nodes.keys()) },
      'key',
    );
  }
  for (const name of topology.nodes.keys()) {
    if (entryOf(plan.nodes, name) === undefined)
      complainAt(
        complaints,
        yaml,
        ['nodes'],
        { message: `node ${name} of the topology is missing`, expected: 'every node of the topology in the plan' },
        'key',
      );
  }
}

/** Every interface of the plan is an end of a link, and leads where the plan says: to a node, or to a segment of the fabric. */
function complainOfInterfaces(complaints: Complaints, yaml: YamlFile, plan: Plan, topology: Topology): void {
  const farEnd = new Map(
    topology.links.flatMap(({ a, b }) => [
      [`${a.node}:${a.interface}`, b.node] as const,
      [`${b.node}:${b.interface}`, a.node] as const,
    ]),
  );
  for (const [name, { interfaces }] of Object.entries(plan.nodes)) {
    if (!topology.nodes.has(name)) continue;
    const own = [...farEnd.keys()].filter((end) => end.startsWith(`${name}:`)).map((end) => end.slice(name.length + 1));
    for (const [at, { to }] of Object.entries(interfaces)) {
      const path = ['nodes', name, 'interfaces', at];
      const far = farEnd.get(`${name}:${at}`);
      if (far === undefined) {
        complainAt(
          complaints,
          yaml,
          path,
          {
            message: `no link of the topology ends at ${name}:${at}`,
            expected: oneOf(own),
            hint: didYouMean(at, own),
          },
          'key',
        );
      } else if (entryOf(plan.nodes, far)?.side !== 'fabric' && to !== far) {
        complainAt(complaints, yaml, [...path, 'to'], {
          message: `${name}:${at} leads to ${far} in the topology, not to ${to}`,
          expected: far,
        });
      } else if (entryOf(plan.nodes, far)?.side === 'fabric' && topology.nodes.has(to)) {
        complainAt(complaints, yaml, [...path, 'to'], {
          message: `${name}:${at} leads to a segment of ${far}, not to the node ${to}`,
          expected: 'the name of the segment',
        });
      }
    }
  }
}

function complainOfCustomers(complaints: Complaints, yaml: YamlFile, plan: Plan): void {
  for (const [index, { node, port }] of plan.customers.entries()) {
    const path = ['customers', index];
    if (entryOf(plan.nodes, node) === undefined) {
      complainAt(complaints, yaml, [...path, 'node'], {
        message: `there is no node "${node}"`,
        hint: didYouMean(node, Object.keys(plan.nodes)),
      });
    }
    const [at = '', name = ''] = port.split(':');
    if (entryOf(entryOf(plan.nodes, at)?.interfaces, name) === undefined) {
      complainAt(complaints, yaml, [...path, 'port'], {
        message: `there is no interface "${port}"`,
        expected: 'node:interface of this plan',
        hint: didYouMean(port, portsOf(plan)),
      });
    }
  }
}

function portsOf(plan: Plan): string[] {
  return Object.entries(plan.nodes).flatMap(([node, { interfaces }]) =>
    Object.keys(interfaces).map((name) => `${node}:${name}`),
  );
}

/** A neighbour that exists has the AS that it is said to have. One that does not exist yet has at least a known AS. */
function complainOfNeighbors(complaints: Complaints, yaml: YamlFile, plan: Plan): void {
  const ases = oneOf(Object.keys(plan.ases));
  for (const [name, { bgp }] of Object.entries(plan.nodes)) {
    for (const [index, neighbor] of bgp.entries()) {
      const path = ['nodes', name, 'bgp', index];
      const other = entryOf(plan.nodes, neighbor.node);
      if (other !== undefined && other.as !== neighbor.as) {
        complainAt(complaints, yaml, [...path, 'as'], {
          message: `${neighbor.node} is in AS ${other.as ?? '(none)'}, not ${neighbor.as}`,
          expected: other.as === undefined ? `as: ${neighbor.as} at ${neighbor.node}` : String(other.as),
        });
      } else if (entryOf(plan.ases, String(neighbor.as)) === undefined) {
        complainAt(complaints, yaml, [...path, 'as'], {
          message: `AS ${neighbor.as} is not in the list of ASes`,
          expected: ases,
        });
      }
    }
  }
}
