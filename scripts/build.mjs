// Bundles the command line and the window into dist/: one file starts four times faster than a tree of modules.
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const common = { absWorkingDir: root, bundle: true, sourcemap: true, logLevel: 'warning', write: false };
// Packages written for CommonJS call require() and ask for __filename.
const commonJs = [
  "import { createRequire } from 'node:module';",
  'const require = createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;',
].join('\n');

const bundles = await Promise.all([
  build({
    ...common,
    entryPoints: ['cli/main.ts'],
    outfile: 'dist/breakwater.mjs',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minifySyntax: true,
    // It reads the source of a checkout, which has it; elsewhere nobody asks for it.
    external: ['esbuild'],
    banner: { js: `#!/usr/bin/env node\n${commonJs}` },
  }),
  build({
    ...common,
    entryPoints: ['electron/main/main.ts'],
    outfile: 'dist/window/main.mjs',
    platform: 'node',
    target: 'node20.18',
    format: 'esm',
    minifySyntax: true,
    // A pty is native code and stays a package.
    external: ['electron', '@lydell/node-pty'],
    banner: { js: commonJs },
  }),
  // Beside whoever looks for it: the command line and the window.
  ...['dist', 'dist/window'].map((outdir) =>
    build({
      ...common,
      entryPoints: ['core/exec/launcher.mjs'],
      outdir,
      outExtension: { '.js': '.mjs' },
      platform: 'node',
      target: 'node20',
      format: 'esm',
    }),
  ),
  build({
    ...common,
    entryPoints: ['electron/preload/preload.ts'],
    outfile: 'dist/window/preload.cjs',
    platform: 'node',
    target: 'node20.18',
    // A sandboxed preload is one CommonJS file.
    format: 'cjs',
    external: ['electron'],
  }),
  build({
    ...common,
    entryPoints: { app: 'renderer/app/main.tsx' },
    outdir: 'dist/window/renderer',
    platform: 'browser',
    target: 'chrome130',
    format: 'esm',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file' },
  }),
]);

for (const { path, contents } of bundles.flatMap((it) => it.outputFiles)) await place(path, contents);
// Beside whoever renders templates: the command line and the window.
for (const folder of ['dist', 'dist/window'])
  await place(join(root, folder, 'render.py'), await readFile(join(root, 'core/render/render.py')));
await place(join(root, 'dist/window/renderer/index.html'), await readFile(join(root, 'renderer/index.html')));

/** By rename: one that is starting up reads the old file or the new one. */
async function place(path, contents) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, contents);
  await chmod(`${path}.${process.pid}`, 0o755);
  await rename(`${path}.${process.pid}`, path);
}
