import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { styleText } from 'node:util';

/** One part of `npm run check`: a name, and the program of node_modules or of this folder that looks. */
interface Part {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
}

const parts: readonly Part[] = [
  { name: 'format', program: 'node_modules/@biomejs/biome/bin/biome', arguments: ['format', '.'] },
  { name: 'lint', program: 'node_modules/oxlint/bin/oxlint', arguments: ['--type-aware'] },
  { name: 'types', program: 'node_modules/typescript/bin/tsc', arguments: [] },
  { name: 'rooms', program: 'tools/rooms.ts', arguments: [] },
  { name: 'tidy', program: 'tools/tidy.ts', arguments: [] },
  { name: 'docs', program: 'tools/cli-docs.ts', arguments: ['--check'] },
];

interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

function run(part: Part): Promise<Outcome> {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const child = spawn(process.execPath, [part.program, ...part.arguments], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (piece: Buffer): void => {
    output += piece.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('close', (code) => {
    resolve({ name: part.name, passed: code === 0, output, seconds: (performance.now() - started) / 1000 });
  });
  return promise;
}

function print({ name, passed, output, seconds }: Outcome): void {
  if (!passed) process.stderr.write(`${output.trimEnd()}\n`);
  const verdict = passed ? styleText('green', 'passed') : styleText('red', 'failed');
  console.log(`${name.padEnd(8)}${verdict} ${seconds.toFixed(1)} s`);
}

const queue = parts.values();
const outcomes: Outcome[] = [];

async function work(): Promise<void> {
  for (const part of queue) {
    const outcome = await run(part);
    outcomes.push(outcome);
    print(outcome);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
if (!outcomes.every(({ passed }) => passed)) process.exitCode = 1;
