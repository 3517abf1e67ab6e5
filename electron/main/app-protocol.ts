import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

import { protocol } from 'electron/main';

/** The page's origin: a scheme of our own, so that it has one, and a policy in a real header. */
export const pageOrigin = 'app://breakwater';

/** Before the app is ready, or the scheme counts as foreign for ever. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built page, and nothing from outside its folder. */
export function serveApp(folder: string): void {
  protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url);
    const path = normalize(decodeURIComponent(pathname === '/' ? '/index.html' : pathname));
    const type = types[extname(path)];
    if (host !== 'breakwater' || type === undefined) return new Response(null, { status: 404 });
    const content = await readFile(join(folder, path)).catch(() => undefined);
    if (content === undefined) return new Response(null, { status: 404 });
    if (extname(path) !== '.html') return new Response(new Uint8Array(content), { headers: { 'content-type': type } });
    const nonce = randomBytes(16).toString('base64');
    return new Response(content.toString().replaceAll('%NONCE%', nonce), {
      headers: { 'content-type': type, 'content-security-policy': policy(nonce) },
    });
  });
}

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
    // The report is shown in a frame without scripts and without an origin.
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
