// Makes a fresh Debian 12 or 13 machine ready: Debian packages, sub-ids, npm packages, the command line, the
// node image. Uses nothing but Node's built-ins, because nothing else is there yet. Every step says
// what it does and why, and is skipped where its result is there already.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Debian package → why it is needed. Where Debian 13 has another name for it, that stands behind a bar. */
const packages = {
  crun: 'runs each node as a container, without root',
  git: 'keeps everything a trainee ever wrote',
  iproute2: 'wires the nodes',
  mmdebstrap: 'builds the node image',
  nftables: 'lets the doctor try the packet filter',
  tcpdump: 'reads captures for the window, and sees in a test that no packet leaves',
  uidmap: 'gives ordinary users the ids that nodes need',
};

/** What Electron needs, where the window is opened. */
const packagesOfWindow = {
  'libasound2|libasound2t64': 'Electron is linked with it',
  libgbm1: 'Electron is linked with it',
  'libgtk-3-0|libgtk-3-0t64': 'draws the dialogs of the window',
  libnss3: 'Electron is linked with it',
  unzip: 'unpacks Electron',
};

/** What the tests need beside that. */
const packagesOfTests = {
  chromium: 'shows every screen of the window to the UI tests',
  'fonts-dejavu-core': 'has the glyphs that no font of ours has',
  'libxml2-utils': "reads the JUnit report as other people's tools do",
  xauth: 'lets xvfb-run hand out its display',
  xvfb: 'is the display of the tests in Electron',
};

export function setUp({ tests = false, window = tests } = {}) {
  installPackages({ ...packages, ...(window ? packagesOfWindow : {}), ...(tests ? packagesOfTests : {}) });
  grantSubIds();
  installNpmPackages();
  build();
  run('node image', [join(root, 'bin', 'breakwater'), 'image', 'build']);
}

function installPackages(wanted) {
  const absent = Object.keys(wanted).filter((names) => !names.split('|').some(isInstalled));
  if (absent.length === 0) return say('Debian packages: all there');
  for (const names of absent) say(`Debian package ${names.replace('|', ' or ')}: ${wanted[names]}`);
  if (!existsSync('/usr/bin/apt-get'))
    fail(
      `this is no Debian: install the like of ${absent.map((names) => names.split('|')[0]).join(' ')} yourself, then start again`,
    );
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  run('package lists', asRoot([...environment, 'apt-get', '-qq', 'update']));
  run(
    'Debian packages',
    asRoot([
      ...environment,
      'apt-get',
      '-qq',
      '-y',
      '--no-install-recommends',
      'install',
      ...absent.map((names) => names.split('|').find(isOffered) ?? names),
    ]),
    { quiet: true },
  );
}

/** Whether the package lists have it: as a package of its own, for what is only provided by others has no candidate. */
function isOffered(name) {
  const { stdout } = spawnSync('apt-cache', ['policy', name], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return /Candidate: \d/.test(stdout ?? '');
}

function isInstalled(name) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
  return (stdout ?? '').endsWith('ok installed');
}

/** Nodes have many users; each of our users needs 65,536 ids of his own for them (subuid(5)). */
function grantSubIds() {
  const { username, uid } = userInfo();
  for (const [file, option] of [
    ['/etc/subuid', '--add-subuids'],
    ['/etc/subgid', '--add-subgids'],
  ]) {
    const ranges = (existsSync(file) ? readFileSync(file, 'utf8') : '')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(':'));
    if (ranges.some(([owner, , count]) => (owner === username || owner === String(uid)) && Number(count) >= 65536))
      continue;
    const first = Math.max(100000, ...ranges.map(([, start, count]) => Number(start) + Number(count)));
    run(
      `${file}: 65536 ids for ${username}, so that nodes can have users`,
      asRoot(['usermod', option, `${first}-${first + 65535}`, username]),
    );
  }
}

function installNpmPackages() {
  const mark = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs)
    return say('npm packages: all there');
  run('npm packages', ['npm', 'ci', '--no-fund', '--no-audit', '--loglevel=error'], { cwd: root });
}

function build() {
  const bundle = join(root, 'dist', 'breakwater.mjs');
  const sources = ['core', 'cli', 'electron', 'renderer', 'package.json'].flatMap((path) => files(join(root, path)));
  if (existsSync(bundle) && sources.every((file) => statSync(file).mtimeMs <= statSync(bundle).mtimeMs))
    return say('command line and window: built');
  run('command line and window', [process.execPath, join(root, 'scripts', 'build.mjs')]);
}

function files(path) {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => files(join(path, name))) : [path];
}

function asRoot(argv) {
  if (process.getuid() === 0) return argv;
  if (spawnSync('sudo', ['-V'], { stdio: 'ignore' }).status !== 0)
    fail(`root is needed once, and sudo is not there. Run as root: ${argv.join(' ')}`);
  return process.stdin.isTTY ? ['sudo', ...argv] : ['sudo', '-n', ...argv];
}

/** Runs one step, shows what it says, and ends everything where it fails. */
export function run(title, [command, ...rest], { quiet = false, ...options } = {}) {
  const began = Date.now();
  say(`${title} …`);
  const { status, signal, error, stdout, stderr } = spawnSync(command, rest, {
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    encoding: 'utf8',
    ...options,
  });
  if (signal === 'SIGINT' || status === 130) process.exit(130);
  if (status !== 0)
    fail(
      `${title} failed: ${[command, ...rest].join(' ')}\n${error?.message ?? ''}${quiet ? `${stdout}${stderr}` : ''}`,
    );
  say(`${title}: done (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

export function say(text) {
  console.log(`· ${text}`);
}

function fail(text) {
  console.error(`\n${text}`);
  process.exit(3);
}
