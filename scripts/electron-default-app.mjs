// Stands in for Electron's own default app, which the runtime of electron-dist.mjs lacks: `electron
// [-r module]… [switches] FOLDER`. An ES module, because Electron holds `ready` back until its end.
import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { app } from 'electron/main';

const preloads = [];
let folder;
for (let index = 1; index < process.argv.length && folder === undefined; index += 1) {
  const word = process.argv[index];
  if (word === '-r' || word === '--require') preloads.push(process.argv[(index += 1)]);
  else if (!word.startsWith('-')) folder = path.resolve(word);
}
if (preloads.length > 0) Module._preloadModules(preloads);
if (folder === undefined) {
  console.error('usage: electron FOLDER');
  process.exit(1);
}
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
try {
  const product = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  app.setVersion(product.version);
  app.name = product.productName ?? product.name;
  app.setAppPath(folder);
  await import(pathToFileURL(path.join(folder, product.main)).href);
} catch (error) {
  console.error(error?.stack ?? error);
  process.exit(1);
}
