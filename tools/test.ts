import { spawn } from 'node:child_process';

const vitest = 'node_modules/vitest/vitest.mjs';
const [, , ...given] = process.argv;

const child = spawn(process.execPath, [vitest, 'run', ...given], { stdio: 'inherit' });
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
  console.log('Left out: the lab with real RDP sessions, `npm run test:lab` (needs root on Debian 12).');
});
