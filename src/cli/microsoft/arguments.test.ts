import { describe, expect, test } from 'vitest';
import { type Grammar, parseMicrosoft } from './arguments.ts';

const grammar: Grammar = {
  command: 'tskill',
  usage: '{PID} [/id:N] [/a]',
  switches: { server: 'value', id: 'value', a: 'alone', t: 'next' },
  operands: 1,
};
const text: Grammar = { ...grammar, takesText: true };
const parse = (line: string, by = grammar) => {
  const { operands, switches, text: rest } = parseMicrosoft(line.split(' '), by);
  return { operands, switches: Object.fromEntries(switches), text: rest };
};

describe('Microsoft’s arguments', () => {
  test.each([
    ['switches after the operand', '4711 /id:3 /a'],
    ['switches before it', '/id:3 /a 4711'],
    ['switches in any case', '/ID:3 4711 /A'],
  ])('%s', (_what, line) => {
    expect(parse(line)).toEqual({ operands: ['4711'], switches: { id: '3', a: '' }, text: '' });
  });

  test.each(['/t 60', '/T:60', '/t 60 4711'])('%s has its value after it or beside it', (line) => {
    expect(parse(line).switches).toEqual({ t: '60' });
  });

  test('a value may hold colons and slashes', () => {
    expect(parse(String.raw`/server:windows://CORP\anna@ts01:445`).switches).toEqual({
      server: String.raw`windows://CORP\anna@ts01:445`,
    });
  });

  test('a text is what follows the operands, but for switches of the command', () => {
    expect(parse('bob see /etc/motd and/or a-b /a at /noon', text)).toEqual({
      operands: ['bob'],
      switches: { a: '' },
      text: 'see /etc/motd and/or a-b at /noon',
    });
  });

  test('hyphens begin switches where the command takes them', () => {
    expect(parse('-t 0 -a', { ...grammar, takesHyphens: true }).switches).toEqual({ t: '0', a: '' });
    expect(parse('-a', grammar).operands).toEqual(['-a']);
  });

  test.each([
    ['/x', 'tskill has no switch /x'],
    ['/', 'tskill has no switch /'],
    ['/constructor', 'tskill has no switch /constructor'],
    ['/a:1', '/a takes no value'],
    ['/id', '/id takes a value, as in /id:VALUE'],
    ['/t', '/t needs a value after it'],
    ['/a /A', '/a is given twice'],
    ['1 2', "'2' is one argument too many"],
  ])('%s is wrong use, answered with the usage', (line, message) => {
    expect(() => parse(line)).toThrow(
      expect.objectContaining({ code: 'usage', message, hint: 'usage: usher tskill {PID} [/id:N] [/a]' }) as Error,
    );
  });

  test.each(['/password:hunter2', '/PASSWORD:hunter2', '/password'])('%s is refused and not repeated', (word) => {
    expect(() => parse(word)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.not.stringContaining('hunter2') as string,
        hint: expect.stringContaining('--password-file') as string,
      }) as Error,
    );
  });
});
