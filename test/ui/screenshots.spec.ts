import { screens } from './screens.ts';
import { openWindow, test } from './window.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

for (const theme of ['light', 'dark'] as const)
  for (const { width, height } of sizes)
    for (const { name, hash, begin, prepare } of screens)
      test(`${name} ${width} ${theme}`, async ({ page }) => {
        await page.setViewportSize({ width, height });
        await openWindow(page, hash, { ...begin, preferences: { theme, welcomed: true } });
        await prepare?.(page);
        await page.screenshot({ path: `test-results/screenshots/${name}-${width}-${theme}.png` });
      });
