import { readFileSync, writeFileSync } from 'node:fs';
import { describeProgram } from '../src/cli/program.ts';
import { renderProgram } from './cli-docs/render.ts';

const page = 'docs/cli.md';

function written(): string {
  try {
    return readFileSync(page, 'utf8');
  } catch {
    return '';
  }
}

const wanted = renderProgram(describeProgram());
if (!process.argv.includes('--check')) {
  writeFileSync(page, wanted);
} else if (written() !== wanted) {
  console.error(`${page}:1 docs is out of date: run npm run docs`);
  process.exitCode = 1;
}
