import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { mustRun, runCommand } from '../exec/command.ts';
import { spawnTied } from '../exec/tied-process.ts';
import { LabError } from '../model/errors.ts';
import { type Appliance, resultsFolder } from './appliance.ts';
import { type PacketRow, parsePackets } from './packets.ts';

/** Absolute path of a file that a run kept. @throws LabError `unknown-name`, also for a way out of the run's folder. */
export function evidenceFile(appliance: Appliance, run: string, path: string): string {
  const inside = ![run, ...path.split('/')].some((part) => part === '' || part === '.' || part === '..');
  const file = join(resultsFolder(appliance), run, path);
  if (inside && existsSync(file)) return file;
  throw new LabError('unknown-name', `run ${run} kept no ${path}`, { hint: `ls -R ${resultsFolder(appliance)}` });
}

const mostBytes = 400_000;

/** The beginning of a file as text, and whether there is more of it. */
export async function readText(file: string): Promise<{ text: string; cut: boolean }> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(mostBytes) });
    return { text: buffer.toString('utf8', 0, bytesRead), cut: (await handle.stat()).size > bytesRead };
  } finally {
    await handle.close();
  }
}

const mostPackets = 2000;

/** The packets of a capture, as tcpdump reads them. */
export async function readPackets(file: string): Promise<{ packets: PacketRow[]; cut: boolean }> {
  const argv = ['tcpdump', '-n', '-e', '-tt', '-r', file, '-c', String(mostPackets + 1)];
  const { stdout } = await mustRun(argv);
  const packets = parsePackets(stdout);
  return { packets: packets.slice(0, mostPackets), cut: packets.length > mostPackets };
}

/** Opens a capture in the person's own Wireshark, which goes on without us. */
export async function openInWireshark(file: string): Promise<void> {
  const { exitCode } = await runCommand(['sh', '-c', 'command -v wireshark']);
  if (exitCode !== 0)
    throw new LabError('missing-tool', 'Wireshark is not installed on this computer', {
      hint: 'sudo apt-get install wireshark',
    });
  spawnTied(['wireshark', '-r', file], { detached: true }).release();
}
