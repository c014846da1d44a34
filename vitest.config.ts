import { defineConfig } from 'vitest/config'

const UNIT_MS = 120_000
const END_TO_END_MS = 300_000
const WORKERS = 2

export default defineConfig({
  // Outside node_modules, which may be read-only where the tests run.
  cacheDir: '/tmp/azora-vitest',
  test: {
    // What skills print belongs to the reader of a failure.
    silent: 'passed-only',
    // Of two cores one would be left unused.
    maxWorkers: WORKERS,
    // Files share what a worker has imported, which is most of what a small one costs.
    isolate: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,services,apps,catalog}/**/*.test.ts', 'tests/repository/**/*.test.ts'],
          testTimeout: UNIT_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: ['tests/{end-to-end,integration,simulation}/**/*.test.ts'],
          testTimeout: END_TO_END_MS,
          hookTimeout: END_TO_END_MS,
          sequence: { groupOrder: 1 },
          globalSetup: ['tests/support/shared-postgres.ts'],
        },
      },
    ],
  },
})
