import { defineConfig } from '@playwright/test';

const port = 4173;

/** The window in Debian's own Chromium, over recorded answers: no network is run, so all of it takes seconds. */
export default defineConfig({
  testDir: '.',
  // Pictures to be looked at are no test: `npm run screenshots` makes them.
  testIgnore: process.env['SCREENSHOTS'] === undefined ? ['screenshots.spec.ts'] : [],
  outputDir: '../../test-results/ui',
  fullyParallel: true,
  workers: 2,
  retries: Number(process.env['BREAKWATER_RETRIES'] ?? 0),
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  timeout: 90_000,
  expect: { timeout: 20_000 },
  webServer: {
    command: `node serve.mjs ${port}`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: process.env['CI'] === undefined,
  },
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium' },
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'on-first-retry',
  },
});
