import { expect } from '@playwright/test';

import { breakwater, goTo, test } from './window.ts';

const stories = [
  {
    lab: 'filtering/ingress-source',
    attack: /^\d+ attacks from ce[ab] got through to/,
    stopped: /^The same attack again\. \d+ attacks from ce[ab] .*\bpe1\b/,
  },
  {
    lab: 'mail/open-relay',
    attack: /\d+ attacks from evil got through to remote/,
    stopped: /^The same attack again\. \d+ attacks from evil reached mx and were refused there/,
  },
  {
    lab: 'dns/auth-no-recursion',
    attack: /got through to/,
    stopped: /^The same attack again\. \d+ attacks from \w+ reached \w+ and were refused there/,
  },
];

for (const { lab, attack, stopped } of stories)
  test(`the demo of ${lab} runs from the keyboard, on packets that were seen`, async ({ window }) => {
    const { env, page } = window;
    await goTo(page, `#/demo/${lab}`);
    const section = page.getByRole('region', { name: 'The network' });
    const ready = () => expect(section).toHaveAttribute('aria-busy', 'false', { timeout: 120_000 });
    const caption = page.getByRole('status');
    const control = (state: 'on' | 'off') => expect(page.getByText(`The control is ${state}`)).toBeVisible();

    await ready();
    await control('off');
    await page.keyboard.press('Space');
    await ready();
    await expect(caption).toHaveText(attack);
    await page.keyboard.press('Space');
    await ready();
    await control('on');
    await page.keyboard.press('Space');
    await ready();
    await expect(caption).toHaveText(stopped);
    await page.keyboard.press('Space');
    await ready();
    await expect(caption).toHaveText(/legitimate use goes on: (\d+) of \1 attempts work/);

    await page.keyboard.press('Escape');
    await expect(page.getByRole('button', { name: 'Demo' })).toBeVisible();
    await expect(async () => expect(await breakwater(env, 'status')).not.toContain('demo')).toPass({ timeout: 20_000 });
  });
