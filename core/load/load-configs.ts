import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

import { factsOf } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Topology } from '../model/topology.ts';
import { type ConfigFile, configPathProblem, contentProblem, type Overlay } from '../model/config-file.ts';
import { absentList, loadAbsentFiles } from './absent-files.ts';
import { type Complaint, Complaints, fileStart, refuse } from './complaints.ts';
import { configPathComplaint } from './config-path.ts';
import { readBytes, readText } from './read-file.ts';
import { renderWithLines } from './render-template.ts';

/** A folder at the top that holds what templates include; it is read by them alone. */
const sharedFolder = 'templates';
const template = '.j2';
const fileLimit = 10_000;

/**
 * Reads the configuration files of nodes, `<node>/etc/…` below `folder`, in the order of their paths.
 * @throws DiagnosticsError for unknown nodes, files elsewhere, links, devices, files over 1 MiB, and
 * when there is no file at all
 */
export function loadConfigs(folder: string, topology: Topology): readonly ConfigFile[] {
  return readFolder(folder, topology, (path) => readConfig(folder, path));
}

/**
 * The same for a folder that is laid over a baseline: `*.j2` are rendered with the facts of their
 * node and lose the ending, files below `templates/` are there to be included, and `absent.txt` lists
 * files that must not be there.
 * @throws DiagnosticsError as loadConfigs does, for templates that do not render, and for a wrong list
 */
export function loadOverlay(folder: string, topology: Topology, plan: Plan): Overlay {
  const complaints = new Complaints();
  const read = (path: string): ConfigFile => ({
    ...(path.endsWith(template) ? renderConfig(folder, path, plan) : readConfig(folder, path)),
    source: join(folder, path),
  });
  const lists = existsSync(join(folder, absentList)) ? [absentList] : [];
  const files = complaints.collect(() => readFolder(folder, topology, read, lists)) ?? [];
  const absent = complaints.collect(() => loadAbsentFiles(folder, topology, files)) ?? [];
  complaints.end();
  return { files, absent };
}

/** @param lists Files at the top that say something about all others. */
function readFolder(
  folder: string,
  topology: Topology,
  read: (path: string) => ConfigFile,
  lists: readonly string[] = [],
): readonly ConfigFile[] {
  const complaints = new Complaints();
  const complain = (path: string, complaint: Complaint): void =>
    complaints.add(posix.join(folder, path), fileStart, complaint);
  const paths = listFiles(folder, topology, lists, complain);
  if (paths.length === 0 && lists.length === 0 && !complaints.any) {
    complain('', {
      message: 'there is no configuration file in this folder',
      expected: '<node>/etc/…, such as pe1/etc/nftables.conf',
    });
  }
  const files = paths.flatMap((path) => complaints.collect(() => read(path)) ?? []);
  const seen = new Set<string>();
  for (const { path } of files) {
    if (seen.has(path))
      complain(`${path}${template}`, {
        message: `${path} is there as well`,
        expected: 'a file or its template, not both',
      });
    seen.add(path);
  }
  complaints.end();
  return files;
}

function readConfig(folder: string, path: string): ConfigFile {
  const file = join(folder, path);
  const content = readBytes(file, { within: folder });
  const problem = contentProblem(path, content);
  if (problem !== undefined) refuse(file, fileStart, { message: problem, hint: `rm ${path}` });
  return { path, content, ...modeOf(file) };
}

function renderConfig(folder: string, path: string, plan: Plan): ConfigFile {
  const file = join(folder, path);
  const node = path.split('/')[0] ?? '';
  const facts = factsOf(plan, node);
  if (facts === undefined)
    return refuse(file, fileStart, { message: `the plan says nothing about ${node}`, expected: 'a node of plan.yml' });
  const { text, lines } = renderWithLines({ folder, path, text: readText(file, { within: folder }), facts });
  return {
    path: path.slice(0, -template.length),
    content: Buffer.from(text),
    ...modeOf(file),
    template: { path, ...(lines === undefined ? {} : { lines }) },
  };
}

function modeOf(file: string): { executable?: true } {
  return (statSync(file).mode & 0o100) === 0 ? {} : { executable: true };
}

/** Paths of the files that belong to nodes, sorted; complains about everything else that lies there. */
function listFiles(
  folder: string,
  topology: Topology,
  lists: readonly string[],
  complain: (path: string, complaint: Complaint) => void,
): string[] {
  const files: string[] = [];
  const waiting = [''];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const entry of entriesOf(join(folder, path), () =>
      complain(path ?? '', { message: 'there is no folder that may be read' }),
    )) {
      const inside = posix.join(path, entry.name);
      if (inside === sharedFolder && !topology.nodes.has(sharedFolder)) continue;
      if (lists.includes(inside)) continue;
      const complaint = entryComplaint(inside, entry, topology);
      if (complaint !== undefined) complain(inside, complaint);
      else if (entry.isDirectory()) waiting.push(inside);
      else files.push(inside);
      if (files.length > fileLimit) {
        complain('', {
          message: `more than ${fileLimit} files`,
          expected: 'a folder with the configuration of the nodes and nothing else',
        });
        return [];
      }
    }
  }
  return files.toSorted();
}

function entriesOf(folder: string, absent: () => void): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Absent, not a folder, or not for us to read: the complaint says so.
    absent();
    return [];
  }
}

function entryComplaint(path: string, entry: Dirent, topology: Topology): Complaint | undefined {
  if (entry.isSymbolicLink())
    return { message: 'this is a symbolic link', expected: 'files and folders', hint: 'copy what it leads to' };
  if (!entry.isDirectory() && !entry.isFile())
    return { message: 'this is a device, a pipe or a socket', expected: 'files and folders' };
  const complaint = configPathComplaint(entry.isDirectory() ? fileBelow(path) : path, topology.nodes.keys());
  if (complaint !== undefined || entry.isDirectory()) return complaint;
  const problem = configPathProblem(path);
  return problem === undefined ? undefined : { message: problem, hint: `rm ${path}` };
}

/** Of a folder only the part that is there can be wrong: the path of some file in it. */
function fileBelow(folder: string): string {
  return folder.includes('/') ? `${folder}/file` : `${folder}/etc/file`;
}
