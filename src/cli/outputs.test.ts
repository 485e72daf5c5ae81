import { expect, test } from 'vitest';
import { outputsOn } from './outputs.ts';

/** Two outputs that are terminals or not, and what was written to both. */
function outputs(isTerminal: { readonly stdout: boolean; readonly stderr: boolean }, columns = 20) {
  let written = '';
  const output = (isOne: boolean) => ({ write: (text: string) => void (written += text), isTerminal: isOne, columns });
  return { ...outputsOn(output(isTerminal.stdout), output(isTerminal.stderr)), written: () => written };
}

const erase = '\r\u001b[2K';
const both = { stdout: true, stderr: true };

test.each(['stdout', 'stderr'] as const)('a line that is drawn is gone before %s is written to', (name) => {
  const those = outputs(both);
  those.stderr.draw('1 of 3');
  those[name].write('a\n');
  those[name].write('b\n');
  expect(those.written()).toBe(`${erase}1 of 3${erase}a\nb\n`);
});

test('it stays where what is written goes elsewhere', () => {
  const those = outputs({ stdout: false, stderr: true });
  those.stderr.draw('1 of 3');
  those.stdout.write('a\n');
  expect(those.written()).toBe(`${erase}1 of 3a\n`);
});

test('it is drawn in place of the one before, once where they are alike, and taken away', () => {
  const those = outputs(both);
  for (const text of ['', '1 of 3', '1 of 3', '2 of 3', '', '']) those.stderr.draw(text);
  expect(those.written()).toBe(`${erase}1 of 3${erase}2 of 3${erase}`);
});

test('it never fills the last column, where a terminal would go on to the next line', () => {
  const those = outputs(both, 6);
  those.stderr.draw('123456');
  expect(those.written()).toBe(`${erase}1234…`);
});

test('nothing is drawn where nobody sees it', () => {
  const those = outputs({ stdout: true, stderr: false });
  those.stderr.draw('1 of 3');
  expect(those.written()).toBe('');
});
