import { defineConfig } from 'vitest/config';

const globalSetup = ['test/setup/setup.ts'];
const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    reporters: ['default', './test/setup/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup,
          include: ['**/*.test.ts'],
          exclude: [...exclude, '**/*.e2e.test.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      // Labs take the whole machine: one file after the other.
      {
        test: {
          name: 'e2e',
          globalSetup,
          include: ['**/*.e2e.test.ts'],
          exclude,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
