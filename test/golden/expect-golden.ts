import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'vitest';

/**
 * Compares with a file beside the test (`import.meta.url`). UPDATE_GOLDEN=1 writes it, except in CI;
 * a file that is not there is a failure, never a silent first time.
 */
export function expectGolden(actual: string, file: string, base: string): void {
  const path = fileURLToPath(new URL(file, base));
  if (process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  expect(actual).toBe(expectation(path, file));
}

function expectation(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`there is no golden file ${file}; look at the output and write it with UPDATE_GOLDEN=1`, {
      cause: error,
    });
  }
}
