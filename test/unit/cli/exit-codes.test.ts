import { expect, test } from 'vitest';

import { DiagnosticsError, type ErrorCode, LabError } from '#core/model/errors.ts';
import { exitCodeOfError } from '../../../cli/exit-codes.ts';

const codes: Readonly<Record<ErrorCode, number>> = {
  busy: 3,
  cancelled: 130,
  'command-failed': 3,
  'image-missing': 3,
  'invalid-file': 2,
  'lab-not-running': 3,
  'lab-running': 3,
  'missing-tool': 3,
  'not-ready': 3,
  timeout: 3,
  'unknown-name': 2,
  usage: 2,
  workspace: 3,
};

test.each(Object.entries(codes))('%s ends with %i', (code, exitCode) => {
  expect(exitCodeOfError(new LabError(code as ErrorCode, 'x'))).toBe(exitCode);
});

test('complaints about files end with 2, and a bug with 3', () => {
  expect(exitCodeOfError(new DiagnosticsError([]))).toBe(2);
  expect(exitCodeOfError(new TypeError('x'))).toBe(3);
  expect(exitCodeOfError(undefined)).toBe(3);
});
