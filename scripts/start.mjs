// `npm start`: sets everything up, then shows the first lab from attack to verdict.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { root, setUp } from './set-up.mjs';

setUp();
const { status } = spawnSync(join(root, 'bin', 'breakwater'), ['tour'], { stdio: 'inherit' });
process.exit(status ?? 130);
