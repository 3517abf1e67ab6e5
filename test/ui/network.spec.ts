import { expect } from '@playwright/test';

import { firstLab, openWindow, test } from './window.ts';

const lab = `#/lab/${firstLab}`;
const atLab = { lab: firstLab } as const;

test('the drawing tells what became of the attempts, of all and of one check', async ({ page }) => {
  await openWindow(page, lab, atLab);
  await page.getByRole('button', { name: 'Check the lab' }).click();
  const caption = page.getByRole('list', { name: 'What became of the attempts' });
  await expect(caption).toContainText('13 attacks from ceb got through to remote');
  await expect(page.getByRole('button', { name: /^ceb, .*the attack starts here/ })).toBeVisible();
  await page.getByRole('button', { name: /^fail A housed server/ }).click();
  await expect(caption.getByRole('listitem')).toHaveText(['6 attacks from colo2 got through to remote']);
});

test('the drawing shows the node that stops the attack', async ({ page }) => {
  await openWindow(page, lab, { ...atLab, standing: 'passing' });
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByRole('button', { name: /^pe1, .*the attack is stopped here/ })).toBeVisible();
});

test('the card of a node has its addresses, opens a terminal, and goes away with Escape', async ({ page }) => {
  await openWindow(page, lab, atLab);
  const node = page.getByRole('button', { name: /^pe1, / });
  await node.press('Enter');
  const card = page.getByRole('region', { name: /^pe1, / });
  await expect(card).toContainText('2001:db8:0:ffff::51');
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
  await expect(node).toBeFocused();
  await node.click();
  await card.getByRole('button', { name: 'Terminal' }).click();
  await expect(page.getByRole('tab', { name: 'pe1' })).toBeVisible();
  await expect(page.locator('.terminal-screen')).toContainText('root@pe1');
});

test('the addresses of a link show while the pointer is on it', async ({ page }) => {
  await openWindow(page, lab, atLab);
  // The drawing is still being fitted to its pane: the pointer follows the link until it rests on it.
  await expect(async () => {
    await page.locator('.wire .reach').first().hover({ force: true });
    await expect(page.locator('.addresses')).toContainText(/\d+\.\d+/, { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
});

test('terminals keep what they show when another is opened, and when the files are shown', async ({ page }) => {
  await openWindow(page, lab, atLab);
  const screen = page.locator('.terminal-screen:visible');
  await page.getByRole('button', { name: 'pe1', exact: true }).click();
  await expect(screen).toContainText('root@pe1');
  await page.keyboard.type('first');
  await page.getByRole('button', { name: 'Another terminal on pe1' }).click();
  await expect(page.getByRole('tab', { name: 'pe1 2' })).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('tab', { name: 'pe1', exact: true }).click();
  await expect(screen).toContainText('first');
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await page.getByRole('tab', { name: 'Terminals', exact: true }).click();
  await expect(screen).toContainText('first');
  await page.keyboard.press('Control+4');
  await page.getByRole('button', { name: 'Close pe1' }).click();
  await expect(page.getByRole('tab', { name: 'pe1 2' })).toBeHidden();
});

test('what a terminal showed can be searched', async ({ page }) => {
  await openWindow(page, lab, atLab);
  await page.getByRole('button', { name: 'pe1', exact: true }).click();
  await expect(page.locator('.terminal-screen')).toContainText('root@pe1');
  await page.keyboard.type('needle');
  await page.keyboard.press('Control+Shift+F');
  await page.keyboard.type('needle');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('');
  await page.keyboard.type('s');
  await expect(page.getByRole('search').getByRole('status')).toHaveText('not found');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('search')).toBeHidden();
});

test('a shell that ended is opened again by Enter', async ({ page }) => {
  await openWindow(page, lab, atLab);
  await page.getByRole('button', { name: 'pe1', exact: true }).click();
  const screen = page.locator('.terminal-screen');
  await expect(screen).toContainText('root@pe1');
  await page.keyboard.type('exit\r');
  await expect(screen).toContainText('Enter opens it again');
  await page.keyboard.press('Enter');
  await expect(screen.getByText('root@pe1')).toHaveCount(2);
});

test('a file is edited, compared with the start, saved, and marked', async ({ page }) => {
  await openWindow(page, lab, atLab);
  await page.getByRole('tab', { name: 'Configuration' }).click();
  const file = page.getByRole('button', { name: 'nftables.conf' }).first();
  await file.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# mine');
  await expect(page.getByText('not saved', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Show what changed since the lab began' }).click();
  await expect(page.locator('.cm-changedLine').first()).toContainText('# mine');
  await page.getByRole('textbox', { name: 'pe1/etc/nftables.conf' }).press('Control+s');
  await expect(page.locator('.file-note')).toHaveText('Saved and in force: pe1: nftables.conf');
  await expect(file).toContainText('modified');
});

test('an edit that meets another shows both, and overwrites nothing until it is told to', async ({ page }) => {
  await openWindow(page, lab, { ...atLab, contested: ['pe1/etc/nftables.conf'] });
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await page.getByRole('button', { name: 'nftables.conf' }).first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# mine');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('This file was changed elsewhere while you edited it')).toBeVisible();
  await expect(page.locator('.cm-merge-a')).toContainText('# by somebody else');
  await expect(page.locator('.cm-merge-b')).toContainText('# mine');
  await page.getByRole('button', { name: 'Save mine' }).click();
  await expect(page.locator('.file-note')).toHaveText(/^Saved and in force/);
  await expect(page.locator('.cm-content')).toContainText('# mine');
});

test('the demo is told from the keyboard, from the attack to what goes on', async ({ page }) => {
  await openWindow(page, `#/demo/${firstLab}`);
  const caption = page.getByRole('status');
  await expect(caption).toContainText('Packets with any source address');
  await page.keyboard.press('Space');
  await expect(caption).toContainText('13 attacks from ceb got through to remote');
  await page.keyboard.press('PageDown');
  await expect(page.getByText('The control is on')).toBeVisible();
  await expect(caption).toContainText('Now the control goes on, at pe1');
  await page.keyboard.press('ArrowRight');
  await expect(caption).toContainText('stopped at pe1');
  await page.keyboard.press('Space');
  await expect(caption).toContainText('27 of 27 attempts work');
  await page.keyboard.press('ArrowLeft');
  await expect(caption).toContainText('stopped at pe1');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/#\/lab\//);
});
