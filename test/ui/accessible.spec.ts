import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';

import { screens } from './screens.ts';
import { openWindow, test } from './window.ts';

for (const theme of ['light', 'dark'] as const)
  for (const { name, hash, begin, prepare } of screens)
    test(`axe finds nothing on ${name}, ${theme}`, async ({ page }) => {
      await openWindow(page, hash, { ...begin, preferences: { theme, welcomed: true } });
      await prepare?.(page);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map((it) => it.html.slice(0, 160))])).toEqual([]);
    });
