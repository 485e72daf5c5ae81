import { spawn } from 'node:child_process';

/** `npm run fuzz [TIMES]`: the random tests of the wire, so many times as long as in `npm test` (20). A failure prints its seed. */
const vitest = 'node_modules/vitest/vitest.mjs';
const [, , times = '20', ...given] = process.argv;
const where = given.length === 0 ? ['src/wire'] : given;

if (!/^[1-9]\d{0,5}$/.test(times)) {
  console.error('usage: npm run fuzz [TIMES] [PATH...]');
  process.exit(2);
}
const child = spawn(process.execPath, [vitest, 'run', '--testTimeout', '3600000', ...where], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ: times },
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
