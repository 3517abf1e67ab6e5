import { mkdir, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

import writeFileAtomic from 'write-file-atomic';

import type { Run } from '../model/run.ts';

/** Where one run keeps its evidence and, at its end, `run.json`. */
export interface RunFolder {
  /** Sortable: `20261121T213000Z-3f9a`, the start of the run in UTC and a random part. */
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  /** Keeps a file below `below` and returns its path from the run's folder. A name used before gets a number. */
  keep(below: string, name: string, content: string | Buffer): Promise<string>;
  save(run: Run): Promise<void>;
}

/** Makes the folder of a new run below `results`. `random` gives the number of bytes asked for. */
export async function createRunFolder(
  results: string,
  startedAt: Date,
  random: (bytes: number) => Buffer,
): Promise<RunFolder> {
  await mkdir(results, { recursive: true });
  const id = await claim(results, startedAt, random);
  const folder = join(results, id);
  const taken = new Set<string>();

  return {
    id,
    folder,
    async keep(below, name, content) {
      const path = freeName(posix.join(below, harmless(name)), taken);
      await mkdir(join(folder, posix.dirname(path)), { recursive: true });
      await writeFile(join(folder, path), content);
      return path;
    },
    async save(run) {
      await writeFileAtomic(join(folder, runFile), `${JSON.stringify(run, null, 2)}\n`);
    },
  };
}

export const runFile = 'run.json';

/** Two runs that start in one second and draw the same random part must not share a folder: mkdir decides. */
async function claim(results: string, startedAt: Date, random: (bytes: number) => Buffer): Promise<string> {
  const time = startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  for (let tries = 1; ; tries += 1) {
    const id = `${time}-${random(2).toString('hex')}`;
    try {
      await mkdir(join(results, id));
      return id;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries === 100) throw error;
    }
  }
}

/** A file name and nothing more: no way out of the folder, no hidden file. */
function harmless(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '-').replace(/^\.+/, '') || 'evidence';
}

/** `remote.pcap`, then `remote-2.pcap`: nothing kept is ever written over. */
function freeName(path: string, taken: Set<string>): string {
  const { dir, name, ext } = posix.parse(path);
  let free = path;
  for (let number = 2; taken.has(free); number += 1) free = posix.join(dir, `${name}-${number}${ext}`);
  taken.add(free);
  return free;
}
