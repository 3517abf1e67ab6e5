import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { _electron, type ElectronApplication, expect, type Page, test as base } from '@playwright/test';

import type { ArgumentsOf, CallName, ResultOf } from '../../electron/contract/calls.ts';

const root = join(import.meta.dirname, '../..');

interface Window {
  /** What the window and the command line have in common: its own state, so that nothing of the person's is touched. */
  readonly env: NodeJS.ProcessEnv;
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What the page complained of so far; the test fails when something is left here at its end. */
  readonly errors: string[];
  /** Electron's own folder: with the same one, it is the same window. */
  readonly profile: string;
}

/** The real window with a state of its own; a test fails when the page logs an error. What it brought up is taken down. */
export const test = base.extend<{ window: Window }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright wants the pattern
  window: async ({}, use, info) => {
    const folder = (name: string): string => {
      const path = info.outputPath(name);
      // What nodes own belongs to sub-ids, which have to walk here.
      mkdirSync(path, { recursive: true, mode: 0o755 });
      return path;
    };
    // Sockets have short names: the folder of results may lie too deep.
    const runtime = mkdtempSync(join(tmpdir(), 'breakwater-'));
    chmodSync(runtime, 0o755);
    const env = {
      ...process.env,
      LANG: 'C.UTF-8',
      // Root's checkout may lie where sub-ids cannot walk; what they own in here, only root can remove.
      XDG_STATE_HOME: process.getuid?.() === 0 ? join(runtime, 'state') : folder('state'),
      XDG_RUNTIME_DIR: runtime,
    };
    const app = await launch(env, folder('profile'));
    const page = await app.firstWindow();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    // Its question is a dialog of the desktop, which no test can click.
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
    });
    await expect(page.getByRole('banner')).toBeVisible({ timeout: 60_000 });
    await use({ env, app, page, errors, profile: folder('profile') });
    // A test may have ended it itself.
    await app.close().catch(() => {});
    await breakwater(env, 'down').catch(() => {});
    rmSync(runtime, { recursive: true, force: true });
    expect(errors).toEqual([]);
  },
});

/** Starts Electron over the build in `dist/`. */
export async function launch(env: NodeJS.ProcessEnv, profile: string): Promise<ElectronApplication> {
  return _electron.launch({
    args: [`--user-data-dir=${profile}`, '--lang=en-GB', '.'],
    cwd: root,
    env: env as Record<string, string>,
    // Chromium's sandbox refuses root.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** Calls main by the bridge, as the page does. */
export async function call<N extends CallName>(page: Page, name: N, args: ArgumentsOf<N>): Promise<ResultOf<N>> {
  const answer = await page.evaluate(([what, how]) => window.breakwater?.call(what, how), [name, args] as const);
  if (answer?.ok !== true) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  return answer.value as ResultOf<N>;
}

/** The command line beside the window. */
export async function breakwater(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(join(root, 'bin/breakwater'), args, { env });
  return stdout;
}

/** From now on everything is saved as `file`. */
export async function saveAs({ app }: Window, file: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
}

/** Goes to a lab by the catalogue, and brings it up. */
export async function bringUp(page: Page, title: string): Promise<void> {
  await goTo(page, '#/catalogue/labs');
  await page.getByRole('link', { name: title }).first().click();
  await page.getByRole('button', { name: /^(?:Bring the lab up|Switch to this lab)$/ }).click();
  await expect(page.getByRole('button', { name: 'Check the lab' })).toBeEnabled({ timeout: 120_000 });
}

export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** Runs all checks of the lab, and waits for their end. */
export async function checkLab(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByRole('button', { name: 'Stop checking' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Check the lab' })).toBeEnabled({ timeout: 150_000 });
}

/** Opens a terminal by the card of a node, and types lines into it once its shell is there. */
export async function typeOn(page: Page, node: string, lines: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${node}, `) }).click();
  await page
    .getByRole('region', { name: new RegExp(`^${node}, `) })
    .getByRole('button', { name: 'Terminal' })
    .click();
  const screen = page.locator('.terminal-screen:visible .xterm-rows');
  await expect(screen).toContainText(`root@${node}`);
  for (const line of lines) {
    await page.keyboard.insertText(line);
    await page.keyboard.press('Enter');
  }
}

/** What the terminal that is shown has on its screen. */
export function terminalText(page: Page) {
  return page.locator('.terminal-screen:visible .xterm-rows');
}

/** Opens a file of a node in the editor. */
export async function openFile(page: Page, node: string, file: string): Promise<void> {
  await page.getByRole('tab', { name: 'Configuration' }).click();
  const list = page.getByRole('navigation', { name: 'Configuration files' });
  const folder = list.locator('details').filter({ has: page.locator('summary', { hasText: new RegExp(`^${node}`) }) });
  if (!(await folder.evaluate((it: HTMLDetailsElement) => it.open))) await folder.locator('summary').click();
  await folder.getByRole('button', { name: file }).click();
  await expect(page.getByRole('textbox', { name: `${node}/etc/${file}` })).toBeVisible();
}
