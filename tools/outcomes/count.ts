/** What a run of vitest came to. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of vitest's JSON report that is read here. */
export interface RunReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/** Adds runs up. A test file that could not be loaded counts as one failed test. */
export function count(reports: readonly RunReport[]): Count {
  const sum = (of: (report: RunReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  return {
    passed: sum((report) => report.numPassedTests),
    failed: sum((report) => report.numFailedTests + unloaded(report)),
    skipped: sum((report) => report.numPendingTests + report.numTodoTests),
  };
}

function unloaded({ testResults }: RunReport): number {
  return testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
}

/** Why a set of tests does not count as passed, or null. The lab is all or nothing: a skip there hides a broken lab. */
export function complaint(kind: string, { passed, failed, skipped }: Count): string | null {
  if (failed > 0) return `${kind}: ${failed} failed`;
  if (passed === 0) return `${kind}: no test ran`;
  return kind === 'lab' && skipped > 0 ? `lab: ${skipped} skipped` : null;
}
