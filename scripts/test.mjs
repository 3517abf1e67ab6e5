// `npm test`: sets everything up, runs every ring of tests, and counts. The last lines say what failed, once more, and
// `N passed, N failed, N skipped`; each skip prints its reason where it happens.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { root, say, setUp } from './set-up.mjs';

setUp({ tests: true });
const scratch = mkdtempSync(join(tmpdir(), 'breakwater-test-'));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const breakwater = join(root, 'bin', 'breakwater');
/**
 * What is proved of the labs: how long that may take here, what one proof costs on two cores, and how many of which
 * nothing changed are looked at once more, however many others there are.
 */
const proved = [
  { title: 'verify', options: ['--again'], what: 'configurations', seconds: 150, secondsEach: 3, leastRotating: 4 },
];
/** What waits for real daemons gets a second try, and is told of. */
const everything = process.argv.includes('--all');
const environment = {
  ...process.env,
  BREAKWATER_RETRIES: '1',
  ...(everything ? { BREAKWATER_LABS: 'all' } : {}),
};
const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed, and how: said again at the end, since a long log is often kept from its end only. */
const failures = [];

single('types', [bin('tsc')]);
single('lint', [bin('oxlint'), '--deny-warnings']);
single('format', [bin('oxfmt'), '--check']);
single('dead code', [bin('knip')]);
for (const ring of ['unit', 'golden', 'cli', 'rootless']) vitest(ring);
playwright('ui');
playwright('electron', ['xvfb-run', '-a', '-s', '-screen 0 1280x1024x24']);
for (const kind of proved) verify(kind);

rmSync(scratch, { recursive: true, force: true });
if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

function single(title, argv) {
  const { status } = start(title, argv);
  if (status !== 0) tellFailure(title, 'see above');
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
  for (const test of result?.testResults.flatMap((it) => it.assertionResults) ?? []) {
    const why = test.failureMessages.join('\n');
    if (test.status === 'pending' || test.status === 'skipped') say(`skipped, as its name says why: ${test.fullName}`);
    else if (test.status === 'failed') tellFailure(`${ring}: ${test.fullName}`, why);
    else if (why !== '') say(`passed at the second try only: ${test.fullName}\n${why}`);
  }
  const failed = result?.numFailedTests ?? 0;
  if (status !== 0 && failed === 0) tellFailure(ring, 'no test failed, but the ring did: see above');
  count({
    passed: result?.numPassedTests ?? 0,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: result?.numPendingTests ?? 0,
  });
}

/** The window: over recorded answers in Chromium, and in Electron over real networks. */
function playwright(ring, wrapper = []) {
  const file = join(scratch, `${ring}.json`);
  const argv = [bin('playwright'), 'test', '--config', join('test', ring), '--reporter=list,json'];
  const { status } = start(ring, [...wrapper, ...argv], { PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  const result = readJson(file);
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = result?.stats ?? {};
  for (const { title, tests } of specsIn(result?.suites ?? []))
    for (const { status: outcome, results } of tests) {
      for (const { type, description } of results.at(-1)?.annotations ?? []) say(`${ring}: ${type}: ${description}`);
      const why = results.flatMap((it) => it.errors.map(({ message }) => message)).join('\n');
      if (outcome === 'unexpected') tellFailure(`${ring}: ${title}`, why);
    }
  if (flaky > 0) say(`${ring}: ${flaky} passed at the second try only, see above`);
  // A ring whose result cannot be read, or that found no test, has failed.
  const failed = unexpected === 0 && (status !== 0 || expected === 0) ? 1 : unexpected;
  if (failed > unexpected) tellFailure(ring, 'no test failed, but the ring did: see above');
  count({ passed: expected + flaky, failed, skipped });
}

function specsIn(suites) {
  return suites.flatMap((suite) => [...specsIn(suite.suites ?? []), ...suite.specs]);
}

/**
 * The labs on real daemons: the attacks work, right fixes pass, wrong fixes are caught, and no check gives a verdict
 * on what it cannot see. What has no proof in proofs/ of what it depends on now, as much as fits into the time, and a
 * rotating part of the rest. `npm test -- --all` takes the time that it takes; what was proved is not run again when
 * it is stopped.
 */
function verify({ title, options, what, seconds, secondsEach, leastRotating }) {
  const changed = verifyList(title, [...options, '--changed']);
  if (changed === undefined) return;
  const open = changed.reduce((sum, { configurations }) => sum + configurations, 0);
  const rotating = Math.max(leastRotating, Math.floor(seconds / secondsEach) - open);
  say(
    `${title}: ${open} ${what} have no proof of what they depend on now; ${rotating} others are looked at once more.`,
  );
  if (!everything) say(`${title}: it begins none after ${seconds} s; \`npm test -- --all\` goes on to the end.`);

  const file = join(scratch, 'verify.txt');
  const shown = 'file=$1; shift; "$@" | tee "$file"';
  const { status } = start(title, [
    'bash',
    '-o',
    'pipefail',
    '-c',
    shown,
    'bash',
    file,
    breakwater,
    'verify',
    ...options,
    '--changed',
    '--rotate',
    String(rotating),
    ...(everything ? [] : ['--for', String(seconds)]),
  ]);
  const told = readFileSync(file, 'utf8');
  const [, passed = 0, failed = 0, skipped = 0] = /(\d+) passed, (\d+) failed, (\d+) skipped/.exec(told) ?? [];
  const verdicts = told.split(/\n(?=\S)/);
  // A run that proved nothing within its time, or whose result cannot be read, has failed.
  const empty = Number(passed) + Number(failed) === 0;
  if (status !== 0) tellFailure(title, verdicts.filter((it) => it.startsWith('✖')).join('\n'));
  else if (empty) tellFailure(title, 'nothing was judged: see above');
  count({
    passed: Number(passed),
    failed: (status !== 0 || empty) && Number(failed) === 0 ? 1 : Number(failed),
    skipped: Number(skipped),
  });
}

/** Which labs that would be; undefined, and a failure, where the record cannot be read. */
function verifyList(title, options) {
  const { status, stdout, stderr } = spawnSync(breakwater, ['verify', '--list', '--json', ...options], {
    encoding: 'utf8',
  });
  if (status === 0) return JSON.parse(stdout);
  tellFailure(title, stderr);
  count({ passed: 0, failed: 1, skipped: 0 });
  return undefined;
}

function start(title, [command, ...rest], variables = {}) {
  say(`\n${title}`);
  const began = Date.now();
  const result = spawnSync(command, rest, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...environment, ...variables },
  });
  say(`${title}: ${((Date.now() - began) / 1000).toFixed(0)} s`);
  return result;
}

function count({ passed, failed, skipped }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

/** Keeps what is needed to begin looking: the first lines of the reason. */
function tellFailure(what, why) {
  const lines = stripVTControlCharacters(why).split('\n').slice(0, 15);
  failures.push([`✖ ${what}`, ...lines.map((line) => `    ${line.slice(0, 200)}`)].join('\n'));
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // The ring did not get as far as writing it.
  }
}
