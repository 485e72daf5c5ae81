import { Argument, Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { renderProgram } from './render.ts';

function sample(): Command {
  const program = new Command('usher').description('Manages sessions');
  program
    .command('end')
    .alias('finish')
    .description('Ends a session')
    .addArgument(new Argument('<session>', 'which one'))
    .addOption(new Option('--warn <time>', 'warn a|while before').default('5m'))
    .addHelpText('after', '\nExamples:\n  usher end alice@ts01');
  program.command('inner', { hidden: true });
  return program;
}

test('a command is described with its usage, arguments, options, defaults and examples', () => {
  const page = renderProgram(sample());
  expect(page).toContain('## usher end\n\nEnds a session\n\n```text\nusher end|finish [options] <session>\n```');
  expect(page).toContain('Also: `finish`');
  expect(page).toContain('| `session` | which one |');
  expect(page).toContain('| `--warn <time>` | warn a\\|while before (default: "5m") |');
  expect(page).toContain('```text\nExamples:\n  usher end alice@ts01\n```');
});

test('a hidden command is left out', () => {
  expect(renderProgram(sample())).not.toContain('inner');
});

test('a second name of a command is left out', () => {
  expect(renderProgram(sample(), ['usher end'])).not.toContain('## usher end');
});

test('the page is the same each time it is written', () => {
  const program = sample();
  expect(renderProgram(program)).toBe(renderProgram(program));
});
