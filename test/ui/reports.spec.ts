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
