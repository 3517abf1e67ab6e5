import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { documents } from './docs/documents.ts';

/** `npm run docs`: writes what the documentation takes from the code. A test says when it is due. */
const root = join(import.meta.dirname, '..');
for (const [path, text] of documents(root)) {
  writeFileSync(join(root, path), text);
  console.log(path);
}
