import { realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

import { type Topology, type TopologyNode } from '../model/topology.ts';
import { type Complaint, Complaints, type Position } from './complaints.ts';
import { readText } from './read-file.ts';
import { resolveLinks } from './resolve-links.ts';
import { resolveNode } from './resolve-node.ts';
import { refusedKey, TopologyFile } from './topology-file.ts';
import { checkShape, complainAt, parseYaml, type YamlFile } from './yaml.ts';

/**
 * Reads a containerlab topology file (https://containerlab.dev/manual/topo-def-file/).
 * @throws DiagnosticsError with every complaint: fields that the rootless runtime has no use for,
 * links without ends, binds that leave the topology's folder or do not exist.
 */
export function loadTopology(file: string): Topology {
  const { topology, yaml } = readTopology(file, readText(file));
  const complaints = new Complaints();
  for (const node of topology.nodes.values()) complainOfBinds(complaints, yaml, topology, node);
  complaints.end();
  return topology;
}

/** The same from a text, without looking at the folders that it names. Pure. @throws DiagnosticsError */
export function parseTopology(file: string, text: string): Topology {
  return readTopology(file, text).topology;
}

function readTopology(file: string, text: string): { topology: Topology; yaml: YamlFile } {
  const complaints = new Complaints();
  complainOfExpansions(complaints, file, text);
  complaints.end();
  const yaml = parseYaml(file, text, { scalars: 'text' });
  const written = checkShape(yaml, TopologyFile, complaints, { refused: refusedKey });
  if (written === undefined) complaints.end();
  const topology = resolveTopology(yaml, written as TopologyFile, complaints);
  complaints.end();
  return { topology, yaml };
}

function resolveTopology(yaml: YamlFile, written: TopologyFile, complaints: Complaints): Topology {
  const nodes = new Map<string, TopologyNode>();
  for (const name of Object.keys(written.topology.nodes)) {
    const node = resolveNode(written, name, { yaml, complaints });
    if (node !== undefined) nodes.set(name, node);
  }
  const file = resolve(yaml.file);
  return { name: written.name, file, folder: dirname(file), nodes, links: resolveLinks(written, { yaml, complaints }) };
}

/**
 * Containerlab runs every topology file through Go's templates and through the variables of its own
 * environment. A file from somebody else must read neither, and both runtimes must read the same.
 */
function complainOfExpansions(complaints: Complaints, file: string, text: string): void {
  for (const [index, line] of text.split('\n').entries()) {
    const at = (column: number): Position => ({ line: index + 1, column: column + 1 });
    const template = line.indexOf('{{');
    if (template >= 0)
      complaints.add(file, at(template), {
        message: 'a Go template expression',
        expected: 'a topology that stands as it is',
        hint: 'write the result of the template',
      });
    const variable = /\$[{$A-Za-z_]/.exec(line);
    if (variable !== null) {
      complaints.add(file, at(variable.index), {
        message: `"${variable[0]}" would be replaced from the environment of whoever starts the lab`,
        expected: 'no variables',
        hint: 'write the value itself; a script in the image may use shell variables',
      });
    }
  }
}

function complainOfBinds(complaints: Complaints, yaml: YamlFile, topology: Topology, node: TopologyNode): void {
  for (const { source } of node.binds) {
    const complaint = bindComplaint(topology.folder, source);
    if (complaint === undefined) continue;
    const message = `${node.name}: bind ${source}: ${complaint.message}`;
    complainAt(complaints, yaml, ['topology', 'nodes', node.name], { ...complaint, message }, 'key');
  }
}

function bindComplaint(folder: string, source: string): Complaint | undefined {
  try {
    const real = realpathSync(join(folder, source));
    if (!real.startsWith(realpathSync(folder) + sep)) return { message: 'it leads out of the topology’s folder' };
    return statSync(real).isDirectory()
      ? undefined
      : {
          message: 'it is not a folder',
          expected: 'a folder: daemons save by renaming, which a bound file does not survive',
        };
  } catch {
    // Whatever the reason (absent, a loop, no permission): it cannot be bound.
    return { message: 'there is no such folder', hint: `mkdir -p ${source}` };
  }
}
