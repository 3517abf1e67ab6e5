import { defineConfig } from 'vitest/config';

/** Second tries for what waits for real daemons; `npm test` gives one, and tells what needed it. */
const retry = Number(process.env['BREAKWATER_RETRIES'] ?? 0);

/** Rings of tests, from pure to real: each needs a little more of the machine than the one before. */
export default defineConfig({
  test: {
    projects: [
      // Pure, so that files may share the modules that they load: loading them costs more than all the tests.
      // Nothing waits here; the limit is for what hangs, on a machine that is busy with something else.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, isolate: false } },
      { test: { name: 'golden', include: ['test/golden/**/*.test.ts'], testTimeout: 60_000, isolate: false } },
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: ['test/cli/build.ts'],
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'rootless',
          include: ['test/rootless/**/*.test.ts'],
          globalSetup: ['test/cli/build.ts'],
          retry,
          // Real networks, which mostly wait: two files at once, that share the modules they load.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
