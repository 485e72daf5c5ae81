import type { Reporter, TestModule } from 'vitest/node';

/** Fails a run in which a test was skipped: where the lab cannot prove something, that must be seen. */
export const noSkips: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    if (skipped.length === 0) return;
    for (const { fullName } of skipped) console.error(`skipped: ${fullName}`);
    process.exitCode = 1;
  },
};
