import { defineConfig } from '@playwright/test';

/** The window in Electron over real networks: one at a time, or they measure each other. */
export default defineConfig({
  testDir: '.',
  globalSetup: './runtime.mjs',
  outputDir: '../../test-results/electron',
  workers: 1,
  // These measure time, too, and a CI machine is sometimes busy with something else; what needed it is told.
  retries: Number(process.env['BREAKWATER_RETRIES'] ?? 0),
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  timeout: 240_000,
  expect: { timeout: 20_000 },
  use: { trace: 'on-first-retry' },
});
