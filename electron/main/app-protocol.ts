import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

import { protocol } from 'electron/main';

import { pageOrigin } from './page-address.ts';

/** Before the app is ready, or the scheme counts as foreign for ever. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built page, and nothing from outside its folder; and reports, which `readReport` makes. */
export function serveApp(folder: string, readReport: (run: string) => Promise<string>): void {
  protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url);
    try {
      if (host === 'report') return page(await readReport(pathname.replace(/^\/|\.html$/g, '')), reportPolicy);
      if (host === 'breakwater') return await serveFile(folder, decodeURIComponent(pathname));
    } catch {
      // No such file, no such run, no such name.
    }
    return new Response(null, { status: 404 });
  });
}

async function serveFile(folder: string, pathname: string): Promise<Response> {
  const path = normalize(pathname === '/' ? '/index.html' : pathname);
  const type = types[extname(path)];
  if (type === undefined) return new Response(null, { status: 404 });
  const content = await readFile(join(folder, path));
  if (extname(path) !== '.html') return new Response(new Uint8Array(content), { headers: { 'content-type': type } });
  const nonce = randomBytes(16).toString('base64');
  return page(content.toString().replaceAll('%NONCE%', nonce), policy(nonce));
}

function page(html: string, contentSecurityPolicy: string): Response {
  return new Response(html, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy },
  });
}

/** The rest of its policy is in the report itself, and travels with it when it is saved. */
const reportPolicy = `frame-ancestors ${pageOrigin}`;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** `style-src-attr` is for the positions that React Flow and xterm write into `style` attributes. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    'frame-src app://report',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
