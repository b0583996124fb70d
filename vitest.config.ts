import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that need no database and share nothing they change: they run together, without a server. */
const pure = ['test/unit/**/*.test.ts', 'test/architecture/**/*.test.ts', 'test/**/*.unit.test.ts'];

export default defineConfig({
  test: {
    allowOnly: false,
    projects: [
      {
        test: { name: 'unit', include: pure, isolate: false, sequence: { groupOrder: 0 } },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...pure],
          pool: 'forks',
          maxWorkers: 2,
          globalSetup: ['test/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
