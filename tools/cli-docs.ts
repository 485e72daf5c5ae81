import { readFileSync, writeFileSync } from 'node:fs';
import { describeProgram } from '../src/cli/program.ts';
import { behaviourKinds } from '../src/simulator/behaviours/behaviours.ts';
import { renderActs } from './cli-docs/acts.ts';
import { renderBehaviours } from './cli-docs/behaviours.ts';
import { renderMicrosoft, secondNames } from './cli-docs/microsoft.ts';
import { renderProgram } from './cli-docs/render.ts';

const pages = [
  [
    'docs/cli.md',
    () => `${renderProgram(describeProgram(behaviourKinds), secondNames)}
${renderMicrosoft()}`,
  ],
  ['docs/acts.md', renderActs],
  ['docs/behaviours.md', renderBehaviours],
] as const;

function written(page: string): string {
  try {
    return readFileSync(page, 'utf8');
  } catch {
    return '';
  }
}

for (const [page, render] of pages) {
  const wanted = render();
  if (!process.argv.includes('--check')) {
    writeFileSync(page, wanted);
  } else if (written(page) !== wanted) {
    console.error(`${page}:1 docs is out of date: run npm run docs`);
    process.exitCode = 1;
  }
}
