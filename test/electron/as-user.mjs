// Runs the tests in Electron as an ordinary user, with Chromium's sandbox on, when root runs them in CI.
// Usage, as root: node test/electron/as-user.mjs RESULT.json [FILTER…]
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { electronDist } from '../../scripts/electron-dist.mjs';
import { root } from '../../scripts/set-up.mjs';

const user = 'breakwater-tester';
const [result, ...filters] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'breakwater-user-'));
chmodSync(scratch, 0o777);
const breakwater = join(root, 'bin/breakwater');
const image = join(scratch, 'image.tar');
const found = join(scratch, 'result.json');
const run = (argv) => spawnSync(argv[0], argv.slice(1), { stdio: 'inherit', cwd: root }).status ?? 1;

try {
  // Debian's useradd gives a range of sub-ids with it.
  if (!readFileSync('/etc/passwd', 'utf8').includes(`${user}:`)) run(['useradd', '--create-home', user]);
  run([breakwater, 'image', 'export', image]);
  chmodSync(image, 0o644);
  const words = [
    `cd '${root}'`,
    `'${breakwater}' image import '${image}'`,
    `export LANG=C.UTF-8 ELECTRON_OVERRIDE_DIST_PATH='${electronDist()}' PLAYWRIGHT_JSON_OUTPUT_FILE='${found}'`,
    `xvfb-run -a npx playwright test --config test/electron --output '${scratch}/results' --reporter=list,json ${filters.join(' ')}`,
  ];
  // A login of its own: nothing of root's environment, whose folders it may not enter.
  process.exitCode = run(['su', '-', user, '-c', words.join(' && ')]);
  copyFileSync(found, result);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
