import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { networksOfLabs } from './networks.ts';
import { noSkips } from './no-skips.ts';

/** One worker for each lab: a host is in one test at a time. */
const labs = networksOfLabs().length;

/** Where `.ci/run` collects the outcome of every run, one file each. */
const outcomes = process.env['USHER_TEST_OUTCOMES'];

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    // Only the first needs xrdp hosts: `npm run test:lab -- windows` brings none up.
    projects: [
      {
        extends: true,
        test: { name: 'xrdp', include: ['test/lab/{lab,xrdp-*}.lab.ts'], globalSetup: ['test/lab/setup.ts'] },
      },
      { extends: true, test: { name: 'windows', include: ['test/lab/windows-*.lab.ts'] } },
    ],
    maxWorkers: labs,
    fileParallelism: labs > 1,
    allowOnly: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    teardownTimeout: 60_000,
    reporters: [
      'verbose',
      noSkips,
      ['json', { outputFile: outcomes === undefined ? '/dev/null' : `${outcomes}/lab.json` }],
    ],
  },
});
