import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import { breakwater, call, launch, test } from './window.ts';

const lab = 'filtering/ingress-source';
const path = 'pe1/etc/nftables.conf';

test('the window is there soon', async ({ window: { env, app, profile } }, info) => {
  await app.close();
  const times: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const began = performance.now();
    const again = await launch(env, profile);
    const page = await again.firstWindow();
    await expect(page.getByRole('banner').getByRole('link', { name: 'Breakwater' })).toBeVisible();
    await call(page, 'app.snapshot', {});
    times.push(Math.round(performance.now() - began));
    await again.close();
  }
  info.annotations.push({ type: 'start to usable window', description: `${times.join(', ')} ms` });
  // The goal is two seconds; a machine that is busy with other things may need longer.
  expect(Math.min(...times)).toBeLessThan(5000);
});

test('a killed window loses nothing: the lab runs on, and is found again with every edit', async ({
  window: { env, app, page, profile, errors },
}) => {
  await call(page, 'network.up', { lab });
  const before = await call(page, 'config.read', { path });
  const content = `${before.now?.content}# mine\n`;
  const saved = await call(page, 'config.write', { path, content, expected: before.now?.blob });
  expect(saved).toMatchObject({ outcome: 'saved', applied: ['pe1: nftables.conf'] });
  const dead = new Promise((resolve) => app.process().once('exit', resolve));
  app.process().kill('SIGKILL');
  await dead;
  errors.length = 0;

  expect(await breakwater(env, 'status')).toContain(lab);
  const again = await launch(env, profile);
  const found = await again.firstWindow();
  await expect.poll(async () => (await call(found, 'app.snapshot', {})).network?.lab).toBe(lab);
  expect((await call(found, 'config.read', { path })).now?.content).toBe(content);
  await again.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
  });
  await again.close();
  expect(await breakwater(env, 'status')).not.toContain(lab);
});

test('an edit of somebody else meets ours as a conflict, with all sides', async ({ window: { env, page } }) => {
  await call(page, 'network.up', { lab });
  const before = await call(page, 'config.read', { path });
  await breakwater(env, 'exec', 'pe1', '--', 'sh', '-c', 'echo "# theirs" >>/etc/nftables.conf');
  const saved = await call(page, 'config.write', { path, content: '# ours\n', expected: before.now?.blob });
  expect(saved).toMatchObject({ outcome: 'conflict', base: before.now?.content, ours: '# ours\n' });
  expect(saved.outcome === 'conflict' && saved.theirs?.content).toBe(`${before.now?.content}# theirs\n`);
});

test('closing asks, remembers the answer, and keeps what is to be kept', async ({ window: { env, app, page } }) => {
  await call(page, 'network.up', { lab });
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: true });
  });
  await app.close();
  expect(await breakwater(env, 'status')).toContain(lab);
});

test('a page that crashes comes back', async ({ window: { app, errors } }) => {
  const title = await app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const loaded = new Promise<void>((resolve) => window?.webContents.once('did-finish-load', () => resolve()));
    window?.webContents.forcefullyCrashRenderer();
    await loaded;
    return window?.webContents.getTitle();
  });
  errors.length = 0;
  expect(title).toBe('Breakwater');
});

test('a second start shows the first window and ends', async ({ window: { env, app, profile } }) => {
  const told = app.evaluate(
    ({ app: first }) => new Promise((resolve) => first.once('second-instance', () => resolve(true))),
  );
  const electron = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '', 'electron');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const second = spawn(electron, [`--user-data-dir=${profile}`, ...sandbox, '.'], { env, stdio: 'ignore' });
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  expect(await told).toBe(true);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});
