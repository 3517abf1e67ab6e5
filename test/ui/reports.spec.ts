import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

import { expect } from '@playwright/test';

import { openWindow, test } from './window.ts';

test('the history leads to each run', async ({ page }) => {
  await openWindow(page, '#/reports');
  await expect(page.getByRole('heading', { level: 1, name: 'The lab passes' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Runs' }).getByRole('link').last().click();
  await expect(page.getByRole('heading', { level: 1, name: 'The lab does not pass' })).toBeVisible();
});

test('two runs are compared, what changed first', async ({ page }) => {
  await openWindow(page, '#/reports');
  await page.getByLabel('Compare with').selectOption({ index: 2 });
  await expect(page.getByRole('heading', { level: 1, name: '5 better' })).toBeVisible();
  await expect(page.locator('tbody tr').first()).toContainText('better');
});

test('on paper every check is open, and nothing but the report is there', async ({ page }) => {
  await openWindow(page, '#/reports');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Runs' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Tried and seen' }).first()).toBeVisible();
});

test('a report is saved, and where is told', async ({ page }) => {
  await openWindow(page, '#/reports');
  await page.getByRole('button', { name: 'PDF' }).click();
  await expect(page.getByRole('alert')).toContainText('Saved as /home/trainee/report.pdf');
});

for (const [media, width] of [
  ['screen', 1280],
  ['print', 700],
] as const) {
  test(`the report in one file cuts nothing off: ${media}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ media });
    await page.goto(pathToFileURL(join(import.meta.dirname, '../golden/report/report.html')).href);
    await page.evaluate(() => {
      const row = document.querySelector('td.seen')?.parentElement;
      const fill = (cell: string, text: string): void => row?.querySelector(cell)?.replaceChildren(text);
      fill('.path', 'remote → 2001:db8:0:ffff::51 port 587');
      fill('.seen', 'found in remote:/var/mail/virtual/victim/new/1795673325.V38I2caM766749.remote and one more');
      for (const fold of document.querySelectorAll('details')) fold.open = true;
    });
    await expect(page.locator('.inside td.seen').first()).toContainText('V38I2caM766749');
    const cut = await page
      .locator('.inside table')
      .evaluateAll((tables) => tables.filter((it) => it.scrollWidth > (it.parentElement?.clientWidth ?? 0)).length);
    expect(cut).toBe(0);
  });
}
