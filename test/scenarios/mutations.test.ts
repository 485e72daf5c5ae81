import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const hook = './test/scenarios/harness/mutate.ts';
const program = 'test/scenarios/run.ts';

/** The random scenarios on a program with this defect, until one is judged wrong. */
function runsWith(mutation: string, ...words: readonly string[]): Promise<{ code: number | null; said: string }> {
  const run = ['--import', hook, program, '--seed', '1', '--runs', '400', '--until-wrong', ...words];
  const child = spawn(process.execPath, run, {
    env: { ...process.env, USHER_MUTATION: mutation },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

test.concurrent.each([
  ['no session is compared', ['--like', 'id-reused user=dave'], /of another session/],
  ['what is not listed is gone', ['--like', 'access-denied right=query'], /ended was said of a session that had not/],
  ['no process is critical', ['--like', 'hangs-until-processes-die'], /a protected process was to be killed/],
  ['no warning is waited for', [], /before the warning was over/],
] as const)('a program in which %s is found out', { timeout: 120_000 }, async (mutation, words, complaint) => {
  const { code, said } = await runsWith(mutation, ...words);
  expect(said).toMatch(complaint);
  expect(code).toBe(1);
});
