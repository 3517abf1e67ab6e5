import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { AbsentFile, ConfigFile } from '../model/config-file.ts';
import type { Topology } from '../model/topology.ts';
import { Complaints } from './complaints.ts';
import { configPathComplaint } from './config-path.ts';
import { readText } from './read-file.ts';

/** The list of files that a folder of configurations takes away, at its top. */
export const absentList = 'absent.txt';

/** Reads it, where there is one. @throws DiagnosticsError */
export function loadAbsentFiles(
  folder: string,
  topology: Topology,
  files: readonly Pick<ConfigFile, 'path' | 'source'>[],
): readonly AbsentFile[] {
  const file = join(folder, absentList);
  return existsSync(file) ? parseAbsentFiles(file, readText(file, { within: folder }), topology, files) : [];
}

/**
 * One `<node>/etc/…` a line, a file or, with a slash at its end, a folder with all that is in it; `#` begins a
 * comment. Pure. @throws DiagnosticsError for what is no such path, stands there twice, or is there as a file
 */
export function parseAbsentFiles(
  file: string,
  text: string,
  topology: Topology,
  files: readonly Pick<ConfigFile, 'path' | 'source'>[],
): readonly AbsentFile[] {
  const complaints = new Complaints();
  const found = new Map<string, AbsentFile>();
  for (const [index, raw] of text.split('\n').entries()) {
    const words = raw.replace(/(?:^|\s)#.*$/, '').trim();
    if (words === '') continue;
    const line = index + 1;
    const path = words.replace(/\/+$/, '');
    const place = { line, column: raw.indexOf(words) + 1 };
    const wrong = configPathComplaint(path, topology.nodes.keys());
    const before = found.get(path);
    const there = files.find((it) => it.path === path || it.path.startsWith(`${path}/`));
    if (wrong !== undefined) complaints.add(file, place, wrong);
    else if (before !== undefined)
      complaints.add(file, place, {
        message: `${path} stands here a second time`,
        hint: `the first is in line ${before.line}`,
      });
    else if (there !== undefined)
      complaints.add(file, place, {
        message: `${path} is to be absent, and ${there.source ?? there.path} brings it`,
        expected: 'one of both',
      });
    else found.set(path, { path, source: file, line });
  }
  complaints.end();
  return [...found.values()];
}
