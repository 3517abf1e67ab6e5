// Serves the whole window over recorded answers, under the policy that it has in Electron: what a browser needs to show
// every screen. `node test/ui/serve.mjs [PORT]`
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const port = Number(process.argv[2] ?? 4173);
const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { app: 'test/ui/page.tsx' },
  outdir: '/',
  bundle: true,
  format: 'esm',
  jsx: 'automatic',
  target: 'chrome130',
  write: false,
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file' },
});
const built = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
const types = { js: 'text/javascript', css: 'text/css', woff2: 'font/woff2', svg: 'image/svg+xml', png: 'image/png' };

createServer(async (request, response) => {
  const name = basename(new URL(request.url, 'http://localhost').pathname);
  const found = built.get(name);
  if (found !== undefined) {
    response.setHeader('content-type', types[name.split('.').at(-1)] ?? 'application/octet-stream');
    response.end(found);
    return;
  }
  if (name !== '') {
    response.statusCode = name === 'favicon.ico' ? 204 : 404;
    response.end();
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader(
    'content-security-policy',
    `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  response.end((await readFile(join(root, 'renderer/index.html'), 'utf8')).replaceAll('%NONCE%', nonce));
}).listen(port, '127.0.0.1');
