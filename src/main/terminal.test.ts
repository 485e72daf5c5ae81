import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { terminalOn } from './terminal.ts';

function aTerminal() {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => modes.push(raw) });
  const output = new PassThrough();
  let written = '';
  output.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  const leaving = new AbortController();
  const terminal = terminalOn(input, output, () => leaving.abort(new Error('left')), leaving.signal);
  return { input, terminal, modes, written: () => written };
}

test.each([
  ['a line', 'hunter2\r', 'hunter2'],
  ['what is typed over', 'hunx\u007fter2\n', 'hunter2'],
  ['what is typed anew', 'wrong\u0015hunter2\r', 'hunter2'],
  ['arrow keys left out', 'hun\u001bter2\r', 'hunter2'],
  ['text beyond ASCII', 'pässwörd山\r', 'pässwörd山'],
  ['the end of input', '\u0004', null],
])('a secret: %s', async (_what, typed, expected) => {
  const { input, terminal } = aTerminal();
  const answer = terminal.askSecret('Password: ');
  input.write(typed);
  expect(await answer).toBe(expected);
});

test('a secret is not echoed, and the terminal is as it was', async () => {
  const { input, terminal, modes, written } = aTerminal();
  const answer = terminal.askSecret('Password: ');
  input.write('hunter2\r');
  await answer;
  await new Promise((resolve) => setImmediate(resolve));
  expect([written(), modes]).toEqual(['Password: \n', [true, false]]);
});

test('Ctrl-C leaves, and the terminal is as it was', async () => {
  const { input, terminal, modes } = aTerminal();
  const answer = terminal.askSecret('Password: ');
  input.write('hunt\u0003');
  await expect(answer).rejects.toThrow('left');
  expect(modes).toEqual([true, false]);
});

test('a character that comes in two pieces is one', async () => {
  const { input, terminal } = aTerminal();
  const answer = terminal.askSecret('Password: ');
  const bytes = Buffer.from('é\r');
  input.write(bytes.subarray(0, 1));
  input.write(bytes.subarray(1));
  expect(await answer).toBe('é');
});

test('a question has its answer', async () => {
  const { input, terminal } = aTerminal();
  const answer = terminal.ask('Trust it? ');
  input.write('yes\n');
  expect(await answer).toBe('yes');
});

test('a question whose input ends has none', async () => {
  const { input, terminal } = aTerminal();
  const answer = terminal.ask('Trust it? ');
  input.end();
  expect(await answer).toBeNull();
});
