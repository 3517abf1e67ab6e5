import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readText, sizeLimitBytes } from '#core/load/read-file.ts';
import { DiagnosticsError } from '#core/model/errors.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakwater-read-'));
  writeFileSync(join(folder, 'sound.txt'), 'grün');
  writeFileSync(join(folder, 'large.txt'), Buffer.alloc(sizeLimitBytes + 1, 0x20));
  writeFileSync(join(folder, 'latin1.txt'), Buffer.from([0x67, 0x72, 0xfc, 0x6e]));
  symlinkSync('sound.txt', join(folder, 'link-that-stays.txt'));
  symlinkSync('/etc/hostname', join(folder, 'link-that-leaves.txt'));
  symlinkSync('loop.txt', join(folder, 'loop.txt'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The first complaint about a file. */
function complaint(path: string): string | undefined {
  try {
    readText(join(folder, path), { within: folder });
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.diagnostics[0]?.message;
    throw error;
  }
  return undefined;
}

describe('a file', () => {
  it('is read as UTF-8, also through a link that stays in its folder', () => {
    expect(readText(join(folder, 'sound.txt'))).toBe('grün');
    expect(complaint('link-that-stays.txt')).toBeUndefined();
  });

  it.each([
    ['absent.txt', 'there is no such file'],
    ['large.txt', `the file has ${sizeLimitBytes + 1} bytes`],
    ['latin1.txt', 'this is not text'],
    ['link-that-leaves.txt', 'this symbolic link leads out of its folder'],
    ['loop.txt', 'this symbolic link leads to itself'],
    ['../..', 'this symbolic link leads out of its folder'],
  ])('%s is refused: %s', (path, message) => {
    expect(complaint(path)).toBe(message);
  });

  it('that is a device is refused without waiting for it', () => {
    expect(() => readText('/dev/zero')).toThrow(DiagnosticsError);
  });
});
