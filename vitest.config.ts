import { defineConfig } from 'vitest/config';

const perProject = { globalSetup: ['test/setup/setup.ts'], exclude: ['**/node_modules/**', '**/dist/**'] };

export default defineConfig({
  test: {
    reporters: ['default', './test/setup/closing-line.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{model,workloads,engine,lab,analysis,results,cli,test}/**/*.test.ts'],
          exclude: [...perProject.exclude, '**/*.e2e.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['**/*.e2e.test.ts'],
          exclude: perProject.exclude,
          globalSetup: perProject.globalSetup,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
