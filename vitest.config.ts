import { defineConfig } from 'vitest/config';

/** Where `.ci/run` collects the outcome of every run, one file each. */
const outcomes = process.env['USHER_TEST_OUTCOMES'];

export default defineConfig({
  test: {
    reporters: outcomes === undefined ? ['default'] : ['default', ['json', { outputFile: outcomeFile(outcomes) }]],
    include: ['src/**/*.test.ts', 'tools/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/lab/**', 'node_modules/**'],
    testTimeout: 10_000,
  },
});

function outcomeFile(folder: string): string {
  return `${folder}/${process.pid}.json`;
}
