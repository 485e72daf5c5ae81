import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { describeProgram } from './program.ts';
import { usher } from './testing/usher.ts';

function commandsOf(command: Command, path: string): readonly (readonly [string, Command])[] {
  return command.commands.flatMap((one) => {
    const name = `${path}${one.name()}`;
    return one.commands.length > 0 ? commandsOf(one, `${name} `) : [[name, one] as const];
  });
}

const leaves = commandsOf(describeProgram(), '').filter(([name]) => !name.endsWith('help'));

test.each(leaves.map(([name]) => name))('usher %s --help describes it, with examples', async (name) => {
  const { code, out, err } = await usher(`${name} --help`);
  expect([code, err]).toEqual([0, '']);
  for (const part of ['Usage: usher', 'Options of every command:', '\nExamples:\n  ']) expect(out).toContain(part);
});

test.each(['', 'hosts', 'query', 'help', ...leaves.map(([name]) => name)])(
  'the help of usher %s fits into 80 columns',
  async (name) => {
    const { out } = await usher(`${name} --help`, { columns: 80 });
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  },
);

test.each([
  ['help', 'Usage: usher [options] [command]'],
  ['help hosts', 'Usage: usher hosts '],
  ['help hosts add', 'Usage: usher hosts add '],
  ['hosts help add', 'Usage: usher hosts add '],
  ['help qwinsta', 'Usage: usher qwinsta [SESSIONNAME '],
  ['help query user', 'Usage: usher query user ['],
])('usher %s shows the help of what it names', async (line, usage) => {
  const { code, out, err } = await usher(line);
  expect([code, out.slice(0, usage.length), err]).toEqual([0, usage, '']);
});

test.each([
  ['help nosuch', "error: unknown command 'nosuch'\n"],
  ['help sesions', "error: unknown command 'sesions'\n(Did you mean sessions?)\n"],
  ['help hosts ad', "error: unknown command 'ad'\n(Did you mean add?)\n"],
  ['hosts help lst', "error: unknown command 'lst'\n(Did you mean list?)\n"],
])('usher %s is wrong use, and says what it does not know', async (line, error) => {
  const { code, out, err } = await usher(line);
  expect([code, out, err.slice(0, error.length)]).toEqual([2, '', error]);
});

test.each(leaves)('every argument and option of %s is described', (_name, command) => {
  const described = [...command.options, ...command.registeredArguments];
  expect(described.filter(({ description }) => description === '')).toEqual([]);
});

test.each([
  ['sesions --json', "unknown command 'sesions'", 'Did you mean sessions?'],
  ['--json sessions --nosuch', "unknown option '--nosuch'", 'usher --help shows what there is'],
  ['--json hosts', 'a command is missing', null],
])('usher %s answers with a document, and with nothing beside it', async (line, message, hint) => {
  const { code, out, err } = await usher(line);
  expect([code, err]).toEqual([2, '']);
  expect(JSON.parse(out)).toMatchObject({ errors: [{ host: null, code: 'usage', message, hint }] });
});

test('--json after -- is a word like any other', async () => {
  const { out, err } = await usher('sessions --nosuch -- --json');
  expect([out, err]).toEqual(['', expect.stringMatching(/^error: unknown option '--nosuch'/) as string]);
});

test('--version is one line', async () => {
  expect(await usher('--version')).toMatchObject({ code: 0, out: '1.2.3\n' });
});

test('nothing at all shows the help', async () => {
  const { code, out } = await usher('');
  expect([code, out.includes('Exit codes: 0 done')]).toEqual([0, true]);
});

test('a command that is nearly right gets the right one', async () => {
  const { code, err } = await usher('sesions');
  expect([code, err.includes('sessions')]).toEqual([2, true]);
});

test.each(['QUSER -s ssh://a', '--timeout 5s QUERY User -s ssh://a', 'Sessions -s ssh://a'])(
  '%s is taken in any case, as Windows takes it',
  async (line) => {
    expect((await usher(line, { hosts: { 'ssh://a': {} } })).estate.events).toContain('connect ssh://a');
  },
);

test('what only looks like a name of a command stays as it is', async () => {
  expect((await usher('sessions -s QUSER')).err).toContain("there is no host 'QUSER'");
});

describe('wrong use', () => {
  test.each([
    ['sessions ts01', 'hosts are named with -s: usher sessions -s ts01'],
    ['drain ts01 onn', "'onn' is no host, and none of on, until-restart, off, no-logons\n"],
    ['listeners stp RDP-Tcp', "error: 'stp' is no act: it is one of stop, start\n"],
    ['logoff ts01:3 --warn 5s', 'usher end warns first'],
    ['hosts add', 'usher hosts add --help'],
    ['sessions --nosuch', 'usher sessions --help'],
  ])('usher %s says what may have been meant: %s', async (line, hint) => {
    const { code, err } = await usher(line);
    expect([code, err.includes(hint)]).toEqual([2, true]);
  });
});

test.each(['bash', 'zsh', 'fish'])('completion %s prints a script that calls back', async (shell) => {
  const { code, out } = await usher(`completion ${shell}`);
  expect([code, out.includes('__complete')]).toEqual([0, true]);
});

test('an unknown shell is wrong use', async () => {
  expect((await usher('completion tcsh')).code).toBe(2);
});

test('__complete prints candidates and their descriptions', async () => {
  expect((await usher(['__complete', 'usher proc'])).out).toBe("processes\tlist a session's processes\n");
});

test('__complete is silent about a spoilt inventory', async () => {
  const { code, out, err } = await usher(['__complete', 'usher sessions -s x'], {
    env: { USHER_INVENTORY: '/nowhere/x' },
  });
  expect([code, out, err]).toEqual([0, '', '']);
});

test('__complete is not told of', async () => {
  expect((await usher('--help')).out).not.toContain('__complete');
});

test.each([
  ['before the command', '--json sessions -s ssh://a'],
  ['after it', 'sessions -s ssh://a --json'],
])('an option of every command is taken %s', async (_what, line) => {
  expect((await usher(line)).out).toBe('{"sessions":[],"errors":[],"notes":[]}\n');
});

test("an option's value that looks like another option is still its value", async () => {
  expect((await usher('sessions -s ssh://a --columns id --sort -idleFor')).out).toBe('ID\n');
});
