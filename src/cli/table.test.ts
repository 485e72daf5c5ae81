import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { cutInMiddle, cutTo, renderTable, type TableColumn } from './table.ts';

type Row = readonly [id: string, user: string, client: string];

const columns: readonly TableColumn<Row>[] = [
  { title: 'ID', align: 'right', priority: 1, least: Number.POSITIVE_INFINITY, text: ([id]) => id },
  { title: 'USER', align: 'left', priority: 1, least: 6, text: ([, user]) => user },
  { title: 'CLIENT', align: 'left', priority: 2, least: 6, text: ([, , client]) => client },
];

const rows: readonly Row[] = [
  ['1', 'alice', 'laptop'],
  ['10', '山田太郎', ''],
];

const render = (width: number | null, given: readonly Row[] = rows): readonly string[] =>
  renderTable(columns, given, { width, paint: (_style, text) => text })
    .trimEnd()
    .split('\n');

test('cells are aligned by what they take on a terminal, and unknown is a hyphen', () => {
  expect(render(null)).toEqual(['ID  USER      CLIENT', ' 1  alice     laptop', '10  山田太郎  -']);
});

test('columns are cut before any is dropped', () => {
  expect(render(18)).toEqual(['ID  USER    CLIENT', ' 1  alice   laptop', '10  山田…   -']);
});

test('the least important column is dropped where cutting is not enough', () => {
  expect(render(17)[0]).toBe('ID  USER');
});

test('one column always stays', () => {
  expect(render(1)).toHaveLength(3);
});

test('one long name does not take the room of the others', () => {
  const lines = render(30, [['1', 'a'.repeat(100), 'client-name']]);
  expect(lines[1]).toBe(' 1  aaaaaaaaaaaa…  client-name');
});

test.each([40, 30, 24, 19])('no line is wider than %i columns', (width) => {
  const wide: readonly Row[] = [['7', '山'.repeat(40), 'エ'.repeat(40)]];
  expect(Math.max(...render(width, wide).map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
});

test('control characters cannot move the cursor', () => {
  expect(render(null, [['1', 'a\u001b[A', 'x']])[1]).toBe(String.raw` 1  a\x1b[A  x`);
});

test('what is told below a row is not cut', () => {
  const below = (): readonly string[] => ['! a reason that is longer than the terminal is wide'];
  const text = renderTable(columns, rows.slice(0, 1), { width: 20, paint: (_style, one) => one, below });
  expect(text).toContain('    ! a reason that is longer than the terminal is wide\n');
});

describe('cutting', () => {
  test.each([
    ['alice', 5, 'alice'],
    ['alice', 4, 'ali…'],
    ['山田', 3, '山…'],
    ['山田', 2, '…'],
    ['👩‍💻👩‍💻', 3, '👩‍💻…'],
    ['a', 0, '…'],
  ])('%s to %i cells', (text, width, expected) => {
    expect(cutTo(text, width)).toBe(expected);
  });

  test.each([
    ['production-server-02', 11, 'produ…er-02'],
    ['short', 5, 'short'],
    ['山田山田', 6, '山…田'],
  ])('%s to %i cells in the middle', (text, width, expected) => {
    expect(cutInMiddle(text, width)).toBe(expected);
  });
});
