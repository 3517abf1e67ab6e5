import { defineConfig } from '@playwright/test';

/** The window in Electron over real networks: one at a time, or they measure each other. */
export default defineConfig({
  testDir: '.',
  globalSetup: './runtime.mjs',
  outputDir: '../../test-results/electron',
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  timeout: 240_000,
  expect: { timeout: 20_000 },
  use: { trace: 'retain-on-failure' },
});
