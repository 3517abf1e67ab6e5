// Installs the Debian package into a fresh Debian 12 and starts it there, as an ordinary user with
// Chromium's sandbox on, under Xvfb. Needs root, mmdebstrap and a mirror. Usage: node scripts/try-package.mjs
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { root, say } from './set-up.mjs';

const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const name = `breakwater_${version}_amd64.deb`;
/**
 * Mounts what a running system has, and becomes the trainee. By pivot_root(2), because a process in a
 * chroot may not make user namespaces (user_namespaces(7)).
 */
const enter = `
set -e
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount -t tmpfs tmpfs dev
mkdir dev/shm before
for it in null zero random urandom full tty; do touch dev/$it; mount --bind /dev/$it dev/$it; done
mount -t tmpfs tmpfs dev/shm
pivot_root . before
umount -l before
exec su trainee -s /bin/sh -c /tmp/try
`;

/** Starts the window, and asks it by the protocol of the developer tools which page it shows. */
const inside = `#!/bin/sh
xvfb-run -a breakwater --remote-debugging-port=9333 >/tmp/window.log 2>&1 &
for try in $(seq 60); do
  curl -s http://127.0.0.1:9333/json >/tmp/pages && grep -q app:// /tmp/pages && break
  sleep 0.5
done
grep -E '"(url|title)"' /tmp/pages || { cat /tmp/window.log; exit 1; }
for pid in $(ps -eo pid=,args= | awk '/--type=renderer/ && !/awk/ {print $1}'); do
  grep -E 'Seccomp:|NoNewPrivs' /proc/$pid/status
done
exit 0
`;

const debian = fs.mkdtempSync(path.join(os.tmpdir(), 'breakwater-debian-'));
fs.chmodSync(debian, 0o755);
try {
  say('a fresh Debian, with the package …');
  execFileSync(
    'mmdebstrap',
    [
      '--variant=minbase',
      '--include=xvfb,xauth,curl,passwd,procps',
      `--customize-hook=copy-in ${path.join(root, 'release', name)} /tmp`,
      `--customize-hook=chroot "$1" apt-get install -qq -y --no-install-recommends /tmp/${name}`,
      '--customize-hook=chroot "$1" useradd -m trainee',
      'bookworm',
      debian,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  fs.writeFileSync(path.join(debian, 'tmp/try'), inside, { mode: 0o755 });
  const { status, stdout } = spawnSync('unshare', ['--mount', '--pid', '--fork', 'sh', '-c', enter, 'sh', debian], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 120_000,
  });
  console.log(stdout);
  if (status !== 0 || !stdout.includes('app://breakwater/index.html')) {
    console.error('the window did not open');
    process.exitCode = 1;
  } else say('the window opens in a clean Debian');
} finally {
  fs.rmSync(debian, { recursive: true, force: true });
}
