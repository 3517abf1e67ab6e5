import { type Dirent, existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join, posix, relative } from 'node:path';

import type { Topology } from '../model/topology.ts';
import {
  type ConfigFile,
  configPathProblem,
  contentProblem,
  type OverlaySource,
  type TemplateFile,
} from '../model/config-file.ts';
import { absentList, loadAbsentFiles } from './absent-files.ts';
import { type Complaint, Complaints, fileStart, refuse } from './complaints.ts';
import { configPathComplaint } from './config-path.ts';
import { readBytes, readText } from './read-file.ts';

/** A folder at the top that holds what templates include; it is read by them alone. */
const sharedFolder = 'templates';
const templateEnding = '.j2';
const fileLimit = 10_000;
/** Of all that templates may include; they are passed on as a whole. */
const textLimitBytes = 32 * 1024 * 1024;

/**
 * Reads the configuration files of nodes, `<node>/etc/…` below `folder`, in the order of their paths.
 * @throws DiagnosticsError for unknown nodes, files elsewhere, links, devices, files over 1 MiB, and
 * when there is no file at all
 */
export function loadConfigs(folder: string, topology: Topology): readonly ConfigFile[] {
  const complaints = new Complaints();
  const files = readFolder(folder, topology, complaints).flatMap(
    (path) => complaints.collect(() => readConfig(folder, path)) ?? [],
  );
  complaints.end();
  return files;
}

/**
 * The same for a folder that is laid over a baseline: `*.j2` are templates that lose the ending when they are
 * rendered, files below `templates/` are there to be included, and `absent.txt` lists files that must not be there.
 * @throws DiagnosticsError as loadConfigs does, for templates that are no text, and for a wrong list
 */
export function loadOverlay(folder: string, topology: Topology): OverlaySource {
  const complaints = new Complaints();
  const lists = existsSync(join(folder, absentList)) ? [absentList] : [];
  const paths = readFolder(folder, topology, complaints, lists);
  const isTemplate = (path: string): boolean => path.endsWith(templateEnding);
  const files = paths
    .filter((path) => !isTemplate(path))
    .flatMap((path) => complaints.collect(() => ({ ...readConfig(folder, path), source: join(folder, path) })) ?? []);
  const templates = paths.filter(isTemplate).map((template): TemplateFile => {
    const path = template.slice(0, -templateEnding.length);
    const complaint = resultComplaint(path, paths);
    if (complaint !== undefined) complaints.add(join(folder, template), fileStart, complaint);
    return { path, template, ...modeOf(join(folder, template)) };
  });
  const texts = templates.length === 0 ? {} : (complaints.collect(() => readTexts(folder, paths)) ?? {});
  const brought = [...files, ...templates.map(({ path, template }) => ({ path, source: join(folder, template) }))];
  const absent = complaints.collect(() => loadAbsentFiles(folder, topology, brought)) ?? [];
  complaints.end();
  return { folder, files, templates, texts, absent };
}

/** What keeps a file from being rendered to that path. */
function resultComplaint(path: string, paths: readonly string[]): Complaint | undefined {
  if (paths.includes(path))
    return { message: `${path} is there as well`, expected: 'a file or its template, not both' };
  const below = paths.find((it) => it.startsWith(`${path}/`));
  if (below !== undefined)
    return { message: `${path} is a folder as well, with ${below}`, expected: 'a file or a folder of that name' };
  const problem = configPathProblem(path);
  return problem === undefined
    ? undefined
    : {
        message: `nothing can be rendered to ${path}: ${problem}`,
        expected: `the name of a file and ${templateEnding}`,
      };
}

/** Paths of the files of nodes. @param lists Files at the top that say something about all others. */
function readFolder(
  folder: string,
  topology: Topology,
  complaints: Complaints,
  lists: readonly string[] = [],
): readonly string[] {
  const complain = (path: string, complaint: Complaint): void =>
    complaints.add(posix.join(folder, path), fileStart, complaint);
  const paths = listFiles(folder, topology, lists, complain);
  if (paths.length === 0 && lists.length === 0 && !complaints.any) {
    complain('', {
      message: 'there is no configuration file in this folder',
      expected: '<node>/etc/…, such as pe1/etc/nftables.conf',
    });
  }
  return paths;
}

function readConfig(folder: string, path: string): ConfigFile {
  const file = join(folder, path);
  const content = readBytes(file, { within: folder });
  const problem = contentProblem(path, content);
  if (problem !== undefined) refuse(file, fileStart, { message: problem, hint: `rm ${path}` });
  return { path, content, ...modeOf(file) };
}

/** What templates may include: the files of nodes, as far as they are text, and all of the shared folder. */
function readTexts(folder: string, paths: readonly string[]): Record<string, string> {
  const complaints = new Complaints();
  const texts: Record<string, string> = Object.create(null) as Record<string, string>;
  let bytes = 0;
  for (const path of [...paths, ...sharedFiles(folder)]) {
    const isText = path.endsWith(templateEnding) || path.startsWith(`${sharedFolder}/`);
    const text = isText
      ? complaints.collect(() => readText(join(folder, path), { within: folder }))
      : textOrNothing(folder, path);
    if (text === undefined) continue;
    bytes += Buffer.byteLength(text);
    if (bytes > textLimitBytes)
      refuse(folder, fileStart, {
        message: `templates and what they may include have more than ${textLimitBytes} bytes`,
        expected: 'a folder with the configuration of the nodes and nothing else',
      });
    texts[path] = text;
  }
  complaints.end();
  return texts;
}

function textOrNothing(folder: string, path: string): string | undefined {
  return new Complaints().collect(() => readText(join(folder, path), { within: folder }));
}

function sharedFiles(folder: string): string[] {
  const shared = join(folder, sharedFolder);
  const status = lstatSync(shared, { throwIfNoEntry: false });
  if (status === undefined) return [];
  if (!status.isDirectory())
    refuse(shared, fileStart, { message: 'this is no folder', expected: 'a folder with what templates include' });
  const found = readdirSync(shared, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  if (found.length > fileLimit) refuse(shared, fileStart, { message: `more than ${fileLimit} files` });
  return found.map((entry) => relative(folder, join(entry.parentPath, entry.name))).toSorted();
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
