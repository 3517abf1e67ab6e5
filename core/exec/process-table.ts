import { readFileSync } from 'node:fs';

import { LabError } from '../model/errors.ts';

/** A process, told from a later one of the same number by its start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, ticks since boot (proc(5)). */
  readonly startTime: string;
}

export function identify(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid) ?? '' };
}

/** True while that very process lives. */
export function isAlive(process: ProcessIdentity | undefined): boolean {
  return process !== undefined && startTimeOf(process.pid) === process.startTime;
}

/** Ends these processes with SIGKILL and waits until they are gone. Throws when one lives on for five seconds. */
export async function killAll(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const it of processes) if (isAlive(it)) kill(it.pid);
  const deadline = Date.now() + 5000;
  while (processes.some((it) => isAlive(it))) {
    if (Date.now() > deadline)
      throw new LabError('command-failed', `process ${processes.find((it) => isAlive(it))?.pid} could not be killed`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** By the system call: kill(1) is not on every machine. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It ended by itself meanwhile.
  }
}

/** Undefined when there is no such process; a zombie counts as gone. */
export function startTimeOf(pid: number): string | undefined {
  const fields = readProc(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** The first child of a process. */
export function childOf(pid: number): number | undefined {
  const child = readProc(`/proc/${pid}/task/${pid}/children`)?.trim().split(' ')[0];
  return child === undefined || child === '' ? undefined : Number(child);
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined; // The process is gone, which is an answer.
  }
}
