import { readFileSync } from 'node:fs';

import { expect } from '@playwright/test';

import { breakwater, bringUp, checkLab, openFile, saveAs, terminalText, test, typeOn } from './window.ts';

/** Source validation at the ports of the customers, as the last hint has it. */
const sav = `table inet sav {
  set registered4 {
    type ifname . ipv4_addr
    flags interval
    elements = { "to_cea" . 100.64.1.2, "to_cea" . 192.0.2.128/27, "to_ceb" . 100.64.1.6, "to_ceb" . 192.0.2.160/27, "colo1_0" . 192.0.2.65, "colo2_0" . 192.0.2.67 }
  }
  set registered6 {
    type ifname . ipv6_addr
    flags interval
    elements = { "to_cea" . 2001:db8:0:110::2, "to_cea" . 2001:db8:a::/48, "to_ceb" . 2001:db8:0:111::2, "to_ceb" . 2001:db8:b::/48, "to_ceb" . 2001:db8:510::/48, "colo1_0" . 2001:db8:0:31::2, "colo2_0" . 2001:db8:0:32::2 }
  }
  chain prerouting {
    type filter hook prerouting priority raw; policy accept;
    iifname { "to_cea", "to_ceb", "colo1_0", "colo2_0" } jump customer
  }
  chain customer {
    iifname . ip saddr @registered4 accept
    iifname . ip6 saddr @registered6 accept
    ip6 saddr fe80::/10 ip6 daddr { fe80::/10, ff02::/16 } accept
    ip6 saddr fe80::/10 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    ip6 saddr :: icmpv6 type { nd-neighbor-solicit, nd-router-solicit, mld2-listener-report } accept
    drop
  }
}`;

test('the first lab, from the attack that works to the report that is saved', async ({ window }, info) => {
  const { env, page } = window;
  await bringUp(page, "Filter source addresses at the customers' edge");
  const seen = page.getByRole('list', { name: 'What became of the attempts' });

  await test.step('the attack succeeds', async () => {
    await checkLab(page);
    await expect(page.getByText('6 passed, 5 failed')).toBeVisible();
    await expect(seen).toContainText(/\d+ attacks from ceb got through to pe1/);
  });

  await test.step('a mend that is typed into the kernel stops it, and is lost at reboot', async () => {
    await typeOn(page, 'pe1', ["nft -f - <<'END'", ...sav.split('\n'), 'END', 'echo loaded: $?']);
    await expect(terminalText(page)).toContainText('loaded: 0');
    await checkLab(page);
    await expect(page.getByText('Passes now, lost at reboot')).toBeVisible();
    await expect(seen).toContainText(/\d+ attacks from ceb .*\bpe1\b/);
  });

  await test.step('a mend in the file passes', async () => {
    await openFile(page, 'pe1', 'nftables.conf');
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(`\n${sav}\n`);
    await page.keyboard.press('Control+s');
    await expect(page.locator('.file-note')).toHaveText(/^Saved and in force: pe1/);
    await checkLab(page);
    await expect(page.getByText('The lab passes')).toBeVisible();
  });

  await test.step('the report is saved', async () => {
    const file = info.outputPath('report.html');
    await saveAs(window, file);
    await page.getByRole('link', { name: 'Report of this run' }).click();
    await page.getByRole('button', { name: 'HTML' }).click();
    await expect(() => readFileSync(file, 'utf8')).toPass();
    expect(readFileSync(file, 'utf8')).toContain('The lab passes');
  });

  expect(await breakwater(env, 'diff')).toContain('table inet sav');
});

test('the open relay is closed in a terminal, and after beginning anew in the editor', async ({ window }, info) => {
  const { page } = window;
  await bringUp(page, 'Close the open relay');

  await test.step('the attack succeeds: the server passes the mail on', async () => {
    await checkLab(page);
    const seen = page.getByRole('list', { name: 'What became of the attempts' });
    await expect(seen).toContainText(/\d+ attacks from evil got through to remote/);
  });

  await test.step('a mend in the terminal passes', async () => {
    await typeOn(page, 'mx', ["postconf -e 'mynetworks = 127.0.0.0/8 [::1]/128' && postfix reload && echo done: $?"]);
    await expect(terminalText(page)).toContainText('done: 0');
    await checkLab(page);
    await expect(page.getByText('The lab passes')).toBeVisible();
  });

  await test.step('beginning anew brings the open relay back', async () => {
    await page.getByRole('button', { name: 'Begin anew' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Begin anew' }).click();
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Check the lab' })).toBeEnabled({ timeout: 60_000 });
    await checkLab(page);
    await expect(page.getByText('The lab passes')).toBeHidden();
  });

  await test.step('a mend in the editor passes', async () => {
    await openFile(page, 'mx', 'postfix/main.cf');
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('\nmynetworks = 127.0.0.0/8 [::1]/128\n');
    await page.keyboard.press('Control+s');
    await expect(page.locator('.file-note')).toHaveText(/^Saved and in force: mx/);
    await checkLab(page);
    await expect(page.getByText('The lab passes')).toBeVisible();
  });

  await test.step('the report is saved', async () => {
    const file = info.outputPath('report.json');
    await saveAs(window, file);
    await page.getByRole('link', { name: 'Report of this run' }).click();
    await page.getByRole('button', { name: 'JSON' }).click();
    await expect(() => expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ verdict: 'pass' })).toPass();
  });
});
