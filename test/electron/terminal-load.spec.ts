import { expect, type Page } from '@playwright/test';

import { bringUp, terminalText, test, typeOn } from './window.ts';

test('a terminal that floods neither freezes the window nor outlives Ctrl-C', async ({ window: { page } }, info) => {
  await bringUp(page, "Filter source addresses at the customers' edge");
  await typeOn(page, 'pe1', ['yes breakwater | head -c 50M; echo flood: $((40 + 2))']);
  const frames = await longestFrame(page, async () => {
    await expect(terminalText(page)).toContainText('flood: 42', { timeout: 90_000 });
  });
  info.annotations.push({ type: '50 MB of output', description: JSON.stringify(frames) });
  expect(frames.longestMs).toBeLessThan(1000);

  await page.keyboard.insertText('yes breakwater');
  await page.keyboard.press('Enter');
  await expect(terminalText(page)).toContainText('breakwater');
  await page.waitForTimeout(2000);
  const began = performance.now();
  await page.keyboard.press('Control+c');
  await expect(terminalText(page)).toContainText('^C', { timeout: 5000 });
  const tookMs = performance.now() - began;
  info.annotations.push({ type: 'Ctrl-C', description: `${Math.round(tookMs)} ms` });
  expect(tookMs).toBeLessThan(1000);
});

test('what is typed is on the screen at once, also while a check runs', async ({ window: { page } }, info) => {
  await bringUp(page, "Filter source addresses at the customers' edge");
  await typeOn(page, 'p1', ['cat']);
  await page.getByRole('button', { name: 'Check the lab' }).click();
  await expect(page.getByRole('button', { name: 'Stop checking' })).toBeVisible();
  await page.locator('.terminal-screen:visible textarea').focus();
  const delays: number[] = [];
  while (await page.getByRole('button', { name: 'Stop checking' }).isVisible()) {
    delays.push(await echoOf(page, String.fromCharCode(97 + (delays.length % 26))));
  }
  expect(delays.length).toBeGreaterThan(10);
  const sorted = delays.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const late = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  info.annotations.push({ type: 'echo during a check', description: `median ${median} ms, 95 % within ${late} ms` });
  expect(median).toBeLessThan(50);
});

/** From the key to the change of the screen, by the page's own clock. */
async function echoOf(page: Page, key: string): Promise<number> {
  await page.evaluate(() => {
    const screen = [...document.querySelectorAll<HTMLElement>('.terminal-screen')].find(
      (it) => it.offsetParent !== null,
    );
    const rows = screen?.querySelector('.xterm-rows');
    const stamps = ((window as unknown as Record<string, unknown>)['echo'] = { pressed: 0, shown: 0 });
    addEventListener('keydown', () => (stamps.pressed = performance.now()), { capture: true, once: true });
    const observer = new MutationObserver(() => {
      if (stamps.pressed === 0) return;
      stamps.shown = performance.now();
      observer.disconnect();
    });
    if (rows) observer.observe(rows, { subtree: true, childList: true, characterData: true });
  });
  await page.keyboard.press(key);
  await page.waitForFunction(() => (window as unknown as { echo: { shown: number } }).echo.shown > 0);
  return page.evaluate(() => {
    const { pressed, shown } = (window as unknown as { echo: { pressed: number; shown: number } }).echo;
    return Math.round((shown - pressed) * 10) / 10;
  });
}

/** The longest time that the page did not draw while `work` went on. */
async function longestFrame(page: Page, work: () => Promise<void>): Promise<{ longestMs: number; tookMs: number }> {
  await page.evaluate(() => {
    const frames = ((window as unknown as Record<string, unknown>)['frames'] = { longest: 0, stop: false });
    let last = performance.now();
    const tick = (): void => {
      const now = performance.now();
      frames.longest = Math.max(frames.longest, now - last);
      last = now;
      if (!frames.stop) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const began = performance.now();
  await work();
  const tookMs = Math.round(performance.now() - began);
  const longestMs = await page.evaluate(() => {
    const frames = (window as unknown as { frames: { longest: number; stop: boolean } }).frames;
    frames.stop = true;
    return Math.round(frames.longest);
  });
  return { longestMs, tookMs };
}
