import { configDefaults, defineConfig } from 'vitest/config';

/** Tests that need no database and share nothing they change: they run together, without a server. */
const pure = [
  'test/unit/**/*.test.ts',
  'test/architecture/**/*.test.ts',
  'test/**/*.unit.test.ts',
  'test/hubspot-cards/**/*.test.tsx',
];

export default defineConfig({
  test: {
    allowOnly: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: pure,
          setupFiles: ['test/fast-check-seed.ts'],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'hubspot-app',
          include: ['test/hubspot-app/**/*.test.ts'],
          testTimeout: 120_000,
          // The parser of HubSpot is given schemas by a test; that has to reach its own imports.
          server: { deps: { inline: [/@hubspot\/project-parsing-lib/] } },
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...pure, 'test/hubspot-app/**'],
          pool: 'forks',
          maxWorkers: 2,
          globalSetup: ['test/global-setup.ts'],
          setupFiles: ['test/fast-check-seed.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
