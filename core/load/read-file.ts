import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';

import { fileStart, refuse } from './complaints.ts';

/** Nothing that a person writes for a lab comes near it. */
export const sizeLimitBytes = 1024 * 1024;

export interface ReadOptions {
  /** The folder that the file must not leave, also not through a symbolic link. */
  readonly within?: string;
}

/** Reads a UTF-8 text. @throws DiagnosticsError when it is absent, not a file, too large, not text, or outside `within`. */
export function readText(file: string, options: ReadOptions = {}): string {
  const content = readBytes(file, options);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    if (!text.includes('\0')) return text;
  } catch {
    // Not UTF-8: the decoder says no more than that, and neither do we.
  }
  return refuse(file, fileStart, { message: 'this is not text', expected: 'UTF-8 without NUL bytes' });
}

/** Reads a regular file; devices and pipes are never opened for long, a size limit holds. @throws DiagnosticsError */
export function readBytes(file: string, { within }: ReadOptions = {}): Buffer {
  const real = realPath(file);
  if (within !== undefined && !real.startsWith(realPath(within) + sep)) {
    refuse(file, fileStart, {
      message: 'this symbolic link leads out of its folder',
      expected: 'a file below the folder itself',
      hint: 'copy the file into the folder',
    });
  }
  const descriptor = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile())
      refuse(file, fileStart, {
        message: `this is ${status.isDirectory() ? 'a folder' : 'a device or a pipe'}`,
        expected: 'a file',
      });
    if (status.size > sizeLimitBytes) {
      refuse(file, fileStart, {
        message: `the file has ${status.size} bytes`,
        expected: `at most ${sizeLimitBytes} bytes`,
      });
    }
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return refuse(file, fileStart, { message: 'there is no such file' });
    if (code === 'ELOOP')
      return refuse(file, fileStart, { message: 'this symbolic link leads to itself', expected: 'a file' });
    if (code === 'EACCES')
      return refuse(file, fileStart, {
        message: 'this file may not be read',
        hint: 'change its permissions, or run as the user who owns it',
      });
    throw error;
  }
}
