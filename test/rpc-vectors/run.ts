import { UsherError } from '../../src/sessions/errors.ts';
import { readCases, type VectorCase } from './files.ts';
import { compareCase } from './suite.ts';
import { Disagreement } from './values.ts';

const longestComplaint = 2000;

/** What is wrong with a case, or null. */
function complaintAbout(one: VectorCase, compared: (values: number) => void): string | null {
  try {
    compared(compareCase(one));
    return null;
  } catch (error) {
    if (error instanceof Disagreement) return error.message;
    if (error instanceof UsherError || error instanceof RangeError) return `${one.name}: ${error.message}`;
    throw error;
  }
}

const [, , folder, ...rest] = process.argv;
if (folder === undefined || rest.length > 0) {
  console.error('usage: npm run test:vectors -- DIR');
  process.exitCode = 2;
} else {
  const cases = readCases(folder);
  let comparisons = 0;
  const complaints = cases.flatMap((one) => complaintAbout(one, (values) => (comparisons += values)) ?? []);
  for (const complaint of complaints) console.error(complaint.slice(0, longestComplaint));
  const calls = new Set(cases.map(({ interface: { uuid }, call }) => `${uuid} ${call.opnum}`));
  console.log(
    `${calls.size} methods, ${cases.length} cases, ${comparisons} comparisons, ${complaints.length} differences`,
  );
  if (cases.length === 0 || complaints.length > 0) process.exitCode = 1;
}
