import { expect, type Page, test as base } from '@playwright/test';

import type { Beginning } from '../../renderer/host/fake-host.ts';

/** Opens the window at a screen, over a fake world that begins as told. */
export async function openWindow(page: Page, hash: string, begin: Partial<Beginning> = {}): Promise<void> {
  await page.goto(`/?begin=${encodeURIComponent(JSON.stringify({ speed: 1e6, ...begin }))}${hash}`);
  await expect(page.locator('#root')).not.toBeEmpty();
  await page.evaluate(() => document.fonts.ready);
}

/**
 * A test fails when the page logs an error: a fault, or something that the policy of the page refused. One
 * that makes a fault says what it waits for, by `test.use({ faults: /…/ })`.
 */
export const test = base.extend<{ faults: RegExp | undefined; quietConsole: void }>({
  faults: [undefined, { option: true }],
  quietConsole: [
    async ({ page, faults }, use) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await use();
      expect(errors.filter((it) => faults?.test(it) !== true)).toEqual([]);
    },
    { auto: true },
  ],
});

export const firstLab = 'filtering/ingress-source';
