import { expect } from '@playwright/test';

import { openWindow, test } from './window.ts';

test('every control of both documents stands under its section', async ({ page }) => {
  await openWindow(page, '#/catalogue/controls');
  await expect(page.getByRole('region', { name: 'RFC3013 §4.3 Ingress Filtering on Source Address' })).toBeVisible();
  expect(await page.locator('.control-section').count()).toBeGreaterThan(60);
  expect(await page.locator('.control-section li').count()).toBeGreaterThan(173);
});

test('search and filters narrow, and say when nothing is left', async ({ page }) => {
  await openWindow(page, '#/catalogue/labs', { progress: { 'mail/open-relay': 'begun' } });
  const labs = page.locator('.lab-area li');
  await page.getByLabel('Area').selectOption('mail');
  await expect(labs.filter({ hasText: 'mail/open-relay' })).toBeVisible();
  await expect(labs.filter({ hasText: 'filtering/ingress-source' })).toBeHidden();
  await page.getByLabel('State').selectOption('passed');
  await expect(page.getByText('No lab is like that.')).toBeVisible();
  await page.getByLabel('State').selectOption('all');
  await page.getByRole('searchbox', { name: 'Search' }).fill('relay carries');
  await expect(labs).toHaveCount(1);
});

test('a lab opens from the keyboard', async ({ page }) => {
  await openWindow(page, '#/catalogue/labs');
  await page.getByRole('searchbox', { name: 'Search' }).fill('relay carries');
  await page.getByRole('link', { name: /mail\/open-relay/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Bring the lab up' })).toBeVisible();
});

test('the theme is kept', async ({ page }) => {
  await openWindow(page, '#/catalogue/labs', { preferences: { theme: 'light' } });
  await page.getByRole('button', { name: /^Colours: light/ }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
