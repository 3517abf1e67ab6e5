import { expect } from '@playwright/test';

import { calls } from '../../electron/contract/calls.ts';
import { test } from './window.ts';

test('the page is alone: no Node, no way out, nothing granted', async ({ window: { app, page, errors } }) => {
  const outcome = await page
    .evaluate(async () => ({
      // What preload gives is all there is.
      bridge: Object.keys(window.breakwater ?? {}),
      node: [
        typeof Reflect.get(window, 'require'),
        typeof Reflect.get(window, 'process'),
        typeof Reflect.get(window, 'Buffer'),
      ],
      opened: window.open('https://example.org/') === null,
      fetched: await fetch('https://example.org/').then(
        () => 'answered',
        () => 'refused',
      ),
      file: await fetch('file:///etc/passwd').then(
        () => 'answered',
        () => 'refused',
      ),
      outside: (await fetch('app://breakwater/..%2f..%2f..%2fpackage.json')).status,
      camera: (await navigator.permissions.query({ name: 'camera' as PermissionName })).state,
    }))
    .catch((error: unknown) => String(error));
  expect(outcome).toEqual({
    bridge: ['call', 'listen'],
    node: ['undefined', 'undefined', 'undefined'],
    opened: true,
    fetched: 'refused',
    file: 'refused',
    outside: 404,
    camera: 'denied',
  });
  // The policy said so itself, which is no fault here.
  errors.length = 0;
  const before = page.url();
  await page.evaluate(() => {
    location.href = 'https://example.org/';
  });
  expect(page.url()).toBe(before);
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const { contextIsolation, sandbox, nodeIntegration } = Reflect.apply(
      Reflect.get(window?.webContents ?? {}, 'getLastWebPreferences') as () => Record<string, unknown>,
      window?.webContents,
      [],
    );
    return { contextIsolation, sandbox, nodeIntegration };
  });
  expect(preferences).toEqual({ contextIsolation: true, sandbox: true, nodeIntegration: false });
});

test('ten thousand malformed messages are each answered with an error, and main lives', async ({
  window: { page },
}) => {
  test.setTimeout(120_000);
  const names = [...Object.keys(calls), 'constructor', '__proto__', 'toString', '', 'network.Up'];
  const outcome = await page.evaluate(async (known) => {
    // A small generator of its own, so that a failure can be seen again.
    let seed = 20261125;
    const draw = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed % below;
    };
    const odd: readonly unknown[] = [
      undefined,
      null,
      0,
      -1,
      Number.NaN,
      1e308,
      9n,
      '',
      '../../../etc/passwd',
      '\0',
      'x'.repeat(100_000),
      true,
      [],
      [[[]]],
      {},
      { __proto__: null },
      { toString: 1 },
      new Date(0),
      /x/,
      new Map([[1, 2]]),
      new Uint8Array(9),
      new Error('odd'),
    ];
    const keys = [
      'lab',
      'node',
      'path',
      'run',
      'file',
      'content',
      'checks',
      'terminal',
      'columns',
      'rows',
      'on',
      'format',
      'extra',
      '__proto__',
    ];
    const value = (): unknown => odd[draw(odd.length)];
    const message = (): unknown =>
      draw(3) === 0
        ? value()
        : // Always one key that no call has: what fits by chance would start real work.
          Object.fromEntries([
            ['surplus', value()],
            ...Array.from({ length: draw(5) }, () => [keys[draw(keys.length)], value()]),
          ]);
    const codes: Record<string, number> = {};
    for (let count = 0; count < 10_000; count += 1) {
      const name = draw(10) === 0 ? (value() as string) : (known[draw(known.length)] ?? '');
      const args = message();
      const harmless = typeof args === 'object' && args !== null && Object.keys(args).length === 0;
      const answer = await window.breakwater?.call(name, harmless ? { surplus: 1 } : args);
      const code = answer?.ok === false ? answer.error.code : 'no error';
      codes[code] = (codes[code] ?? 0) + 1;
    }
    const alive = await window.breakwater?.call('app.snapshot', {});
    return { codes, alive: alive?.ok };
  }, names);
  expect(outcome.alive).toBe(true);
  expect(Object.keys(outcome.codes).toSorted()).toEqual(['malformed', 'unknown-call']);
  expect(Object.values(outcome.codes).reduce((sum, it) => sum + it, 0)).toBe(10_000);
});

test('a page from elsewhere is not answered', async ({ window: { app } }) => {
  const answer = await app.evaluate(async ({ BrowserWindow }) => {
    const preload = `${process.cwd()}/dist/window/preload.cjs`;
    const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
    await other.loadURL('data:text/html,foreign');
    const told = await other.webContents.executeJavaScript("breakwater.call('app.snapshot', {})");
    other.destroy();
    return told as unknown;
  });
  expect(answer).toEqual({
    ok: false,
    error: { code: 'foreign-sender', message: 'only the page of the window is answered' },
  });
});
