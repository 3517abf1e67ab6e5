import { expect } from '@playwright/test';

import { firstLab, openWindow, test } from './window.ts';

const lab = `#/lab/${firstLab}`;

test('Ctrl with a digit leads to each screen', async ({ page }) => {
  await openWindow(page, '#/welcome', { lab: firstLab });
  await page.keyboard.press('Control+1');
  await expect(page.getByRole('heading', { level: 1, name: 'Labs and controls' })).toBeVisible();
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('button', { name: 'Check the lab' })).toBeVisible();
  await page.keyboard.press('Control+3');
  await expect(page.getByRole('heading', { level: 1, name: 'The lab passes' })).toBeVisible();
});

test('F6 goes around the panes', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab });
  const at = (pane: string) => page.getByRole('region', { name: pane, exact: true }).locator(':focus');
  await page.keyboard.press('F6');
  await expect(at('Brief and hints')).toHaveCount(1);
  await page.keyboard.press('F6');
  await expect(at('Network')).toHaveCount(1);
  await page.keyboard.press('F6');
  await expect(at('Work')).toHaveCount(1);
  await page.keyboard.press('F6');
  await expect(at('Checks')).toHaveCount(1);
});

test('a lab is checked and read without a pointer', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab });
  await page.keyboard.press('Control+Enter');
  const row = page.getByRole('button', { name: /^fail Customer B sends nothing to the Internet/ });
  await row.focus();
  await page.keyboard.press('Enter');
  const evidence = page.getByRole('button', { name: /^What left ceb/ });
  await evidence.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'What left ceb' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(evidence).toBeFocused();
});
