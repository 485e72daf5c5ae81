import { stripVTControlCharacters, styleText } from 'node:util';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { aSession, readAt } from '../../sessions/testing/session.ts';
import { emptyModel, type LiveModel, settled } from './model.ts';
import { type Around, screenOf } from './screen.ts';

const around = (facts: Partial<Around> = {}): Around => ({
  now: readAt,
  timeZone: 'UTC',
  width: 80,
  height: 24,
  paint: (style, text) => styleText(style, text, { validateStream: false }),
  summary: '3 sessions on 2 hosts',
  waiting: [],
  ...facts,
});

function listOf(count: number): LiveModel {
  const sessions = Array.from({ length: count }, (_, id) => aSession({ host: 'ts01', id, user: `user${id}` }));
  return settled({ ...emptyModel, readings: new Map([['ts01', sessions]]) });
}

test('what is pinned stays above the keys, where the screen is high enough', () => {
  const shown = (height: number) =>
    screenOf(listOf(90), around({ height, pinned: ['2nd terminal: usher waste', 'usher end'] })).map((line) =>
      stripVTControlCharacters(line),
    );
  const high = shown(24);
  expect([high.length, high.slice(-3, -1)]).toEqual([24, ['2nd terminal: usher waste', 'usher end']]);
  expect(high.filter((line) => line.includes('user'))).toHaveLength(14);
  expect(shown(19).join('\n')).not.toContain('2nd terminal');
});

const modes: readonly LiveModel['mode'][] = [
  { kind: 'list' },
  { kind: 'help' },
  { kind: 'log' },
  { kind: 'typing', what: 'filter', text: '日本語'.repeat(60) },
  { kind: 'looking', act: 'logoff', title: 'log off' },
  {
    kind: 'preview',
    title: 'log off: 90 sessions',
    meant: 90,
    lines: Array.from({ length: 90 }, (_, n) => `  ts01 #${n} ${'x'.repeat(90)}`),
  },
];

test.each(
  modes.flatMap((mode) =>
    [
      [80, 24],
      [40, 10],
      [200, 60],
      [20, 5],
    ].map(([width = 80, height = 24]) => ({ mode, width, height })),
  ),
)('$mode.kind fits into $width x $height', ({ mode, width, height }) => {
  const waiting = ['ts01 #3 alice: 4m 10s left, x calls it off'.repeat(3)];
  const lines = screenOf({ ...listOf(200), mode, log: ['x'.repeat(300)] }, around({ width, height, waiting }));
  expect(lines).toHaveLength(height);
  expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
});

test('the session under the cursor is in view, wherever it is', () => {
  const model = listOf(5000);
  for (const place of [0, 17, 2500, 4999]) {
    const cursor = [...(model.readings.get('ts01') ?? [])][place]?.key ?? null;
    const lines = screenOf({ ...model, place, cursor }, around());
    const marked = lines.filter((line) => line.includes('\u001b[7m')).map((line) => stripVTControlCharacters(line));
    expect(marked).toEqual([expect.stringMatching(new RegExp(`ts01 +${place} +user${place} `))]);
  }
});

test('what a host calls a user cannot move the cursor of the terminal', () => {
  const session = aSession({ host: 'ts01', id: 1, user: 'a\u001b[2Jb' });
  const model = settled({ ...emptyModel, readings: new Map([['ts01', [session]]]) });
  const text = screenOf(model, around()).join('\n');
  expect(text).not.toContain('\u001b[2J');
  expect(text).toContain(String.raw`a\x1b[2Jb`);
});

test('the help is whole on a screen of 80 by 24', () => {
  const lines = screenOf({ ...listOf(3), mode: { kind: 'help' } }, around()).map((line) =>
    stripVTControlCharacters(line),
  );
  expect(lines.filter((line) => line.includes('…'))).toEqual([]);
  expect(lines.at(-2)).toContain('and asks.');
});

test('the column that the list is sorted by is marked, with its direction', () => {
  const header = (descending: boolean) =>
    stripVTControlCharacters(screenOf({ ...listOf(3), sort: { column: 'user', descending } }, around())[2] ?? '');
  expect([header(false), header(true)]).toEqual([
    expect.stringContaining(' USER↑ '),
    expect.stringContaining(' USER↓ '),
  ]);
});

test('what happened last is told from its beginning to its end, before what was older', () => {
  const log = ['older', `newest ${'word '.repeat(20)}end`];
  const lines = screenOf({ ...listOf(3), log }, around()).map((line) => stripVTControlCharacters(line));
  expect(lines.slice(-4, -1)).toEqual([
    'older',
    expect.stringMatching(/^newest word/),
    expect.stringMatching(/word end$/),
  ]);
});

test('an empty list says so, and a filter that nothing passes how to get back', () => {
  expect(screenOf(emptyModel, around()).join('\n')).toContain('no sessions');
  expect(screenOf({ ...listOf(2), filter: 'nobody' }, around()).join('\n')).toContain('Esc shows all');
});

test('a host that is lost is named above the list', () => {
  const model = { ...listOf(1), failures: new Map([['ts09', 'no answer']]) };
  expect(screenOf(model, around())[1]).toContain('lost: ts09');
});
