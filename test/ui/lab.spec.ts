import { expect } from '@playwright/test';

import { firstLab, openWindow, test } from './window.ts';

const lab = `#/lab/${firstLab}`;

test('a newcomer is in the first lab after one click', async ({ page }) => {
  await openWindow(page, '', { preferences: { welcomed: false } });
  await page.getByRole('button', { name: 'Start the first lab' }).click();
  await expect(
    page.getByRole('heading', { level: 1, name: "Filter source addresses at the customers' edge" }),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Check the lab' })).toBeEnabled();
});

test('the welcome says what is missing, and does not start', async ({ page }) => {
  const finding = { title: 'crun', ok: false, found: 'not installed', mend: 'sudo apt-get install crun' };
  await openWindow(page, '#/welcome', { answers: { 'host.examine {}': { findings: [finding], image: true } } });
  await expect(page.getByText('sudo apt-get install crun')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start the first lab' })).toBeDisabled();
});

test('the welcome builds a missing image on the way', async ({ page }) => {
  await openWindow(page, '#/welcome', {
    answers: { 'host.examine {}': { findings: [], image: false } },
    // Slow enough to be seen.
    speed: 0.3,
  });
  await page.getByRole('button', { name: 'Start the first lab' }).click();
  await expect(page.locator('.doing')).toHaveText(/packages/);
  await expect(page.getByRole('button', { name: 'Check the lab' })).toBeVisible();
});

test('verdicts stream in, and each opens to what was tried', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab, speed: 2 });
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByText(/\d+ of 10 judged/)).toBeVisible();
  await expect(page.getByText('5 passed, 5 failed')).toBeVisible();
  const row = page.getByRole('button', { name: /^fail Customer B sends nothing to the Internet/ });
  await row.click();
  await expect(row).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByText('got through').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'By hand' })).toBeVisible();
});

test('a mend that was only typed into a daemon is explained', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab, standing: 'lost' });
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByText('Passes now, lost at reboot')).toBeVisible();
  await expect(page.getByText(/never saved/)).toBeVisible();
});

test('the solution is laid out after a question, and the lab passes', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab });
  await page.getByRole('button', { name: 'Solution' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lay out the solution' }).click();
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByText('The lab passes')).toBeVisible();
});

test('a check can be stopped, and then says nothing', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab, speed: 0.2 });
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await page.getByRole('button', { name: 'Stop checking' }).click();
  await expect(page.getByRole('button', { name: 'Check the lab' })).toBeVisible();
});

test('hints come one at a time', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab });
  await page.getByRole('tab', { name: 'Hints 0/5' }).click();
  await page.getByRole('button', { name: 'Show the first hint' }).click();
  await expect(page.getByRole('heading', { name: 'Hint 1 of 5' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Hint 2 of 5' })).toBeHidden();
});

test('panes remember their size', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab });
  const edge = page.getByRole('separator').first();
  await edge.focus();
  const before = await edge.getAttribute('aria-valuenow');
  await page.keyboard.press('ArrowRight');
  await expect(edge).not.toHaveAttribute('aria-valuenow', before ?? '');
  const after = await edge.getAttribute('aria-valuenow');
  await page.getByRole('link', { name: 'Reports' }).click();
  await page.goBack();
  await expect(page.getByRole('separator').first()).toHaveAttribute('aria-valuenow', after ?? '');
});

test('what main could not do is told, with the next step', async ({ page }) => {
  await openWindow(page, lab, { failures: { 'network.up': 'the node image is not there' } });
  await page.getByRole('button', { name: 'Bring the lab up' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('the node image is not there');
  await expect(alert).toContainText('breakwater doctor');
  await alert.getByRole('button', { name: 'Put away' }).click();
  await expect(alert).toBeEmpty();
});
