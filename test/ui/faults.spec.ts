import { expect } from '@playwright/test';

import { firstLab, openWindow, test } from './window.ts';

const lab = `#/lab/${firstLab}`;
/** A journey as the demos of some labs have it: forged packets left, and nobody saw where they ended. */
const unseen = {
  check: 'forged-segments',
  title: 'Forged segments do not end the sessions with peer1',
  kind: 'abuse',
  role: 'try',
  label: 'a forged reset',
  path: ['lg', 'p1', 'br1'],
  seenAt: [],
  stoppedAt: null,
  sent: true,
  succeeded: false,
  packets: 0,
  seen: 'the sessions are as they were',
};

test('a demo whose packets nobody saw on their way says so, and goes on', async ({ page }) => {
  const demo = 'routing/bgp-authentication';
  const scene = { run: '20261130T000000Z-0000', lab: demo, control: true, verdict: 'pass', journeys: [unseen] };
  await openWindow(page, `#/demo/${demo}`, { answers: { 'demo.attack': scene } });
  const network = page.getByRole('region', { name: 'The network' });
  for (const said of [/nobody saw where it ended/, /Now the control goes on/, /The same attack again/]) {
    await expect(network).toHaveAttribute('aria-busy', 'false');
    await page.keyboard.press('Space');
    await expect(page.getByRole('status')).toHaveText(said);
  }
  await expect(page.locator('.device')).toHaveCount(3);
});

test.describe('a fault of one part of the window', () => {
  test.use({ faults: /TypeError|null|undefined/ });

  test('stays in it, can be copied as a report, and can be tried again', async ({ page }) => {
    await openWindow(page, lab, { lab: firstLab, answers: { 'topology.read': { nodes: null } } });
    const panel = page.getByRole('region', { name: 'Network', exact: true });
    await expect(panel.getByRole('alert')).toContainText('“Network” cannot be shown');
    await panel.getByText('What happened').click();
    const report = panel.getByRole('region', { name: 'Report of the fault' });
    await expect(report).toContainText('A fault of Breakwater 0.1.0 in “Network”');
    await expect(report).toContainText('TypeError');
    await expect(report).toContainText(`screen ${lab}`);
    // What is copied is what is shown.
    await page.evaluate(() =>
      window.addEventListener('copy', (event) => (document.title = event.clipboardData?.getData('text/plain') ?? '')),
    );
    await panel.getByRole('button', { name: 'Copy the report' }).click();
    await expect(panel.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await page.title()).toContain('TypeError');
    await panel.getByRole('button', { name: 'Show it again' }).click();
    await expect(panel.getByRole('alert')).toBeVisible();

    // All else works.
    await page.getByRole('button', { name: 'pe1', exact: true }).click();
    await expect(page.locator('.terminal-screen')).toContainText('root@pe1');
    await page.getByRole('button', { name: 'Check the lab' }).click();
    await expect(page.getByText('5 passed, 5 failed')).toBeVisible();
    await page.getByRole('link', { name: 'Reports' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });

  for (const [name, call, answer] of [
    ['Configuration', 'config.list', [{ node: 'pe1', files: null }]],
    ['The head of the lab', `lab.read {"lab":"${firstLab}"}`, { id: firstLab, nodes: ['pe1'], mend: null }],
  ] as const)
    test(`stays in it: ${name}`, async ({ page }) => {
      await openWindow(page, lab, { lab: firstLab, answers: { [call]: answer } });
      if (name === 'Configuration') await page.getByRole('tab', { name: 'Configuration' }).click();
      await expect(page.getByRole('alert').filter({ hasText: `“${name}” cannot be shown` })).toBeVisible();
      await page.getByRole('link', { name: 'Labs and controls' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Labs and controls' })).toBeVisible();
    });

  test('of the demo leads back to the lab', async ({ page }) => {
    await openWindow(page, `#/demo/${firstLab}`, {
      answers: { [`lab.read {"lab":"${firstLab}"}`]: { title: 'A lab', controls: null } },
    });
    await expect(page.getByRole('alert').first()).toContainText('“The demo” cannot be shown');
    await page.getByRole('link', { name: 'Back to the lab' }).click();
    await expect(page).toHaveURL(/#\/lab\//);
  });
});

test.describe('a fault in what goes on by itself', () => {
  test.use({ faults: /went wrong by itself/ });

  test('is told', async ({ page }) => {
    await openWindow(page, lab, { lab: firstLab });
    await page.evaluate(() => {
      void Promise.reject(new Error('it went wrong by itself'));
    });
    await expect(page.getByRole('alert')).toContainText('it went wrong by itself');
  });
});
