import { expect, type Page } from '@playwright/test';

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

const passes = 'The lab passes';
const outdated = 'Outdated: check again';

/** What a person does after a pass, and what the window says happened since. */
const doings: readonly [what: string, since: RegExp, act: (page: Page) => Promise<void>][] = [
  [
    'an edit is saved',
    /the configuration was changed: pe1\/etc\/nftables\.conf/,
    async (page) => {
      await page.getByRole('tab', { name: 'Configuration' }).click();
      await page.getByRole('button', { name: 'nftables.conf' }).first().click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type('# mine');
      await page.keyboard.press('Control+s');
    },
  ],
  [
    'the lab is reset',
    /the lab was reset/,
    async (page) => {
      await page.getByRole('button', { name: 'Begin anew' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Begin anew' }).click();
    },
  ],
  [
    'the solution is laid out',
    /the solution was laid out/,
    async (page) => {
      await page.getByRole('button', { name: 'Solution' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Lay out the solution' }).click();
    },
  ],
  [
    'commands are run on a node',
    /commands were run on pe1/,
    async (page) => {
      await page.getByRole('button', { name: 'pe1', exact: true }).click();
      await expect(page.locator('.terminal-screen')).toContainText('root@pe1');
      await page.keyboard.type('nft flush ruleset\r');
    },
  ],
  [
    'the network is taken down',
    /The network does not run/,
    async (page) => page.getByRole('button', { name: 'Take the network down' }).click(),
  ],
];

for (const [what, since, act] of doings)
  test(`no verdict stays when ${what}`, async ({ page }) => {
    await openWindow(page, lab, { lab: firstLab, standing: 'passing' });
    await page.getByRole('button', { name: 'Check the lab' }).click();
    await expect(page.getByText(passes)).toBeVisible();
    await act(page);
    const panel = page.getByRole('region', { name: 'Verdicts' });
    await expect(panel.getByText(outdated)).toBeVisible();
    await expect(panel).toContainText('the lab passed');
    await expect(panel).toContainText(since);
    await expect(page.getByText(passes)).toBeHidden();
    // Nor does one of its parts, nor the drawing.
    await expect(panel.getByRole('button', { name: /^outdated: pass .*At the last check/ })).toHaveCount(10);
    await expect(page.getByRole('list', { name: 'What became of the attempts' })).toContainText('At the last check');
    await expect(page.getByRole('button', { name: /the attack is stopped here/ })).toHaveCount(0);
  });

test('a verdict of before is not claimed of a network that nobody looked at since', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab });
  await expect(page.getByText(outdated)).toBeVisible();
  await expect(page.getByText(passes)).toBeHidden();
});

test('one check that is tried again after a change leaves the others outdated', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab, standing: 'passing' });
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByText(passes)).toBeVisible();
  await page.getByRole('button', { name: 'Begin anew' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Begin anew' }).click();
  await page.getByRole('button', { name: /^Check only this: Customer B sends nothing to the Internet/ }).click();
  const panel = page.getByRole('region', { name: 'Verdicts' });
  await expect(panel.getByRole('button', { name: /^fail Customer B sends nothing to the Internet/ })).toBeVisible();
  await expect(panel.getByRole('button', { name: /^outdated: pass / })).toHaveCount(9);
});

test('edits that are not saved are saved before a check, and it judges them', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab });
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await page.getByRole('button', { name: 'nftables.conf' }).first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# set registered4');
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByRole('alert')).toContainText('pe1/etc/nftables.conf was not saved; it is now.');
  await expect(page.getByText(passes)).toBeVisible();
  await expect(page.getByText('not saved', { exact: true })).toBeHidden();
});

test('edits that meet those of somebody else stop a check, and both are shown', async ({ page }) => {
  await openWindow(page, lab, { lab: firstLab, contested: ['pe1/etc/nftables.conf'], answers: { 'run.list': [] } });
  await page.getByRole('tab', { name: 'Configuration' }).click();
  await page.getByRole('button', { name: 'nftables.conf' }).first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# mine');
  await page.getByRole('tab', { name: 'Terminals', exact: true }).click();
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByRole('alert')).toContainText('pe1/etc/nftables.conf was changed elsewhere');
  await expect(page.getByText('This file was changed elsewhere while you edited it')).toBeVisible();
  await expect(page.getByText('Not checked yet')).toBeVisible();
});
