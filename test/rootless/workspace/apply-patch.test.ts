import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { formatDiagnostic } from '#core/model/diagnostic.ts';
import { DiagnosticsError } from '#core/model/errors.ts';
import type { LabPatch } from '#core/model/lab.ts';
import type { TreeId } from '#core/workspace/store.ts';
import { expectGolden } from '../../golden/expect-golden.ts';
import { makeWorkspace, type TemporaryWorkspace } from './temporary-workspace.ts';

const golden = join(import.meta.dirname, '../../golden/workspace/patches');
const cases = readdirSync(golden).filter((name) => name.endsWith('.patch'));

let it: TemporaryWorkspace;
let tree: TreeId;
beforeAll(async () => {
  it = await makeWorkspace();
  const folder = join(golden, 'files');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  tree = await it.workspace.importTree(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: relative(folder, path), content: readFileSync(path) };
    }),
  );
});
afterAll(async () => it.remove());

test.each(cases)('%s is refused with its place and with what was found', async (name) => {
  const error: unknown = await it.workspace.applyPatch(tree, readPatch(name)).catch((thrown: unknown) => thrown);
  if (!(error instanceof DiagnosticsError)) throw error;
  const said = `${error.diagnostics.map(formatDiagnostic).join('\n').replaceAll(`${golden}/`, '')}\n`;
  expectGolden(said, `../../golden/workspace/patches/${name.replace(/\.patch$/, '.expected.txt')}`, import.meta.url);
});

test('the cases were found', () => {
  expect(cases.length).toBeGreaterThanOrEqual(9);
});

test('a patch that fits a few lines further down is applied', async () => {
  const path = 'mx1/etc/postfix/main.cf';
  const diff = `--- a/${path}\n+++ b/${path}\n@@ -9,2 +9,2 @@\n-mynetworks = 127.0.0.0/8 [::1]/128\n+mynetworks = 0.0.0.0/0\n smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination\n`;
  const patched = await it.workspace.applyPatch(tree, { ...readPatch('no-diff-at-all.patch'), diff });
  expect(await it.workspace.changes(tree, patched)).toEqual([{ path, status: 'modified' }]);
});

test('a patch adds and deletes files and sets the executable bit', async () => {
  const diff = [
    'diff --git a/mx1/etc/postfix/main.cf b/mx1/etc/postfix/main.cf',
    'deleted file mode 100644',
    '--- a/mx1/etc/postfix/main.cf',
    '+++ /dev/null',
    '@@ -1,4 +0,0 @@',
    '-myhostname = mx1.isp.example',
    '-mynetworks = 127.0.0.0/8 [::1]/128',
    '-smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination',
    '-smtpd_helo_required = yes',
    'diff --git a/pe1/etc/rc.local b/pe1/etc/rc.local',
    'new file mode 100755',
    '--- /dev/null',
    '+++ b/pe1/etc/rc.local',
    '@@ -0,0 +1 @@',
    '+#!/bin/sh',
    '',
  ].join('\n');
  const patched = await it.workspace.applyPatch(tree, { ...readPatch('no-diff-at-all.patch'), diff });
  expect(await it.workspace.changes(tree, patched)).toEqual([
    { path: 'mx1/etc/postfix/main.cf', status: 'deleted' },
    { path: 'pe1/etc/rc.local', status: 'added' },
  ]);
  await it.workspace.checkout(patched, 'patched');
  expect(await it.onNode('stat -c %a pe1/etc/rc.local')).toBe('755\n');
});

/** The header ends with the first empty line. */
function readPatch(name: string): LabPatch {
  const file = join(golden, name);
  const text = readFileSync(file, 'utf8');
  return { name, file, title: '', why: '', fails: [], diff: text.slice(text.indexOf('\n\n') + 2), paths: [] };
}
