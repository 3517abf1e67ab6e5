import { defineConfig } from '@playwright/test';

/** The window in Electron over real networks: two at once, and alone those that measure time. */
export default defineConfig({
  testDir: '.',
  globalSetup: './runtime.mjs',
  outputDir: '../../test-results/electron',
  projects: [
    { name: 'labs', testMatch: ['demo.spec.ts', 'hardening.spec.ts', 'labs.spec.ts'], fullyParallel: true },
    {
      name: 'timed',
      testIgnore: ['demo.spec.ts', 'hardening.spec.ts', 'labs.spec.ts'],
      workers: 1,
      dependencies: ['labs'],
    },
  ],
  workers: 2,
  // A CI machine is sometimes busy with something else; what needed a second try is told.
  retries: Number(process.env['BREAKWATER_RETRIES'] ?? 0),
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  timeout: 240_000,
  expect: { timeout: 20_000 },
  use: { trace: 'on-first-retry' },
});
