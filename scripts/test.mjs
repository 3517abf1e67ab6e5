// `npm test`: sets everything up, runs every ring of tests, and counts. The last line is
// `N passed, N failed, N skipped`; each skip prints its reason where it happens.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root, say, setUp } from './set-up.mjs';

setUp();
const scratch = mkdtempSync(join(tmpdir(), 'breakwater-test-'));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const total = { passed: 0, failed: 0, skipped: 0 };

single('types', [bin('tsc')]);
single('lint', [bin('oxlint'), '--deny-warnings']);
single('format', [bin('oxfmt'), '--check']);
single('dead code', [bin('knip')]);
for (const ring of ['unit', 'golden', 'cli', 'rootless']) vitest(ring);
verify();

rmSync(scratch, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function single(title, argv) {
  const { status } = start(title, argv);
  count({ passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 });
}

/** A ring whose result cannot be read, or that found no test, has failed. */
function vitest(ring) {
  const file = join(scratch, `${ring}.json`);
  const { status } = start(ring, [
    bin('vitest'),
    'run',
    '--project',
    ring,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const result = readJson(file);
  const skipped = result?.testResults
    .flatMap((it) => it.assertionResults)
    .filter((it) => it.status === 'pending' || it.status === 'skipped');
  for (const it of skipped ?? []) say(`skipped, as its name says why: ${it.fullName}`);
  const failed = result?.numFailedTests ?? 0;
  count({
    passed: result?.numPassedTests ?? 0,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: result?.numPendingTests ?? 0,
  });
}

/** Every patch of every lab on real daemons: the attacks work, right fixes pass, wrong fixes are caught. */
function verify() {
  const file = join(scratch, 'verify.txt');
  const shown = '"$1" verify | tee "$2"';
  const { status } = start('verify', [
    'bash',
    '-o',
    'pipefail',
    '-c',
    shown,
    'bash',
    join(root, 'bin', 'breakwater'),
    file,
  ]);
  const [, passed = 0, failed = 0] = /(\d+) passed, (\d+) failed/.exec(readFileSync(file, 'utf8')) ?? [];
  count({ passed: Number(passed), failed: status !== 0 && Number(failed) === 0 ? 1 : Number(failed), skipped: 0 });
}

function start(title, [command, ...rest]) {
  say(`\n${title}`);
  return spawnSync(command, rest, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

function count({ passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // The ring did not get as far as writing it.
  }
}
