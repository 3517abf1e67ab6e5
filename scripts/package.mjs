// Makes release/breakwater-linux-x64/, the window as a folder, and a Debian package of it. Downloads
// nothing: Electron is the one that `npx install-electron` got; without it, the runtime of the tests,
// which makes a package to try and not to give away.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';

import { electronDist } from './electron-dist.mjs';
import { root, say } from './set-up.mjs';

const product = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const release = path.join(root, 'release');
const folder = path.join(release, 'breakwater-linux-x64');

execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
makeFolder();
await hardenElectron(path.join(folder, 'breakwater'));
say(`folder: ${folder}`);
say(`package: ${makeDeb()}`);

function makeFolder() {
  const own = path.join(root, 'node_modules/electron/dist');
  const official = fs.existsSync(path.join(own, 'electron'));
  if (!official) say('Electron of package.json is not installed (npx install-electron): this package is to try only');
  const dist = official ? own : electronDist();
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(release, { recursive: true });
  execFileSync('cp', ['-a', dist, folder]);
  fs.renameSync(path.join(folder, 'electron'), path.join(folder, 'breakwater'));
  for (const name of ['resources/default_app.asar', '.recipe']) fs.rmSync(path.join(folder, name), { force: true });
  const app = path.join(folder, 'resources/app');
  for (const part of ['LICENSE', 'image', 'labs', 'topologies', 'dist/window', ...native()])
    fs.cpSync(path.join(root, part), path.join(app, part), { recursive: true, filter: (it) => !it.endsWith('.map') });
  const { name, version, description, license, main, type } = product;
  fs.writeFileSync(path.join(app, 'package.json'), JSON.stringify({ name, version, description, license, main, type }));
  // The folder was made under our own mask; everybody is to run it.
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', folder]);
}

/** Packages that cannot be bundled: a pty is native code. */
function native() {
  return ['node_modules/@lydell/node-pty', 'node_modules/@lydell/node-pty-linux-x64'];
}

/** Nobody makes a general interpreter of it, or looks into it while it runs. */
async function hardenElectron(file) {
  await flipFuses(file, {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  });
}

function makeDeb() {
  const tree = path.join(release, 'deb');
  fs.rmSync(tree, { recursive: true, force: true });
  const place = (from, to, mode) => {
    fs.mkdirSync(path.dirname(path.join(tree, to)), { recursive: true });
    fs.copyFileSync(path.join(root, 'packaging', from), path.join(tree, to));
    fs.chmodSync(path.join(tree, to), mode);
  };
  fs.mkdirSync(path.join(tree, 'opt'), { recursive: true });
  execFileSync('cp', ['-al', folder, path.join(tree, 'opt/breakwater')]);
  place('breakwater.desktop', 'usr/share/applications/breakwater.desktop', 0o644);
  place('breakwater.svg', 'usr/share/icons/hicolor/scalable/apps/breakwater.svg', 0o644);
  place('apparmor', 'etc/apparmor.d/breakwater', 0o644);
  place('postinst', 'DEBIAN/postinst', 0o755);
  place('postrm', 'DEBIAN/postrm', 0o755);
  fs.mkdirSync(path.join(tree, 'usr/bin'), { recursive: true });
  fs.symlinkSync('/opt/breakwater/breakwater', path.join(tree, 'usr/bin/breakwater'));
  fs.writeFileSync(path.join(tree, 'DEBIAN/conffiles'), '/etc/apparmor.d/breakwater\n');
  fs.writeFileSync(path.join(tree, 'DEBIAN/control'), control());
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', path.join(tree, 'usr'), path.join(tree, 'etc')]);
  const file = path.join(release, `breakwater_${product.version}_amd64.deb`);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z3', '--build', tree, file], { stdio: 'ignore' });
  fs.rmSync(tree, { recursive: true, force: true });
  return file;
}

function control() {
  const runsLabs = ['crun', 'git', 'iproute2', 'mmdebstrap', 'tcpdump', 'uidmap', 'util-linux'];
  const runsElectron = ['libasound2 | libasound2t64', 'libgbm1', 'libgtk-3-0 | libgtk-3-0t64', 'libnss3'];
  return [
    'Package: breakwater',
    `Version: ${product.version}`,
    'Section: education',
    'Priority: optional',
    'Architecture: amd64',
    `Depends: ${[...runsLabs, ...runsElectron].join(', ')}`,
    'Recommends: fonts-dejavu-core',
    'Suggests: wireshark',
    'Maintainer: The Breakwater project <breakwater@example.org>',
    `Description: ${product.description}`,
    ' Routers, name servers and mail servers in namespaces, without root and without',
    ' a daemon. Attack them with real packets, mend them, and see the attack stop.',
    '',
  ].join('\n');
}
