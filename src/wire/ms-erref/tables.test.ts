import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hresultTable } from './hresult.ts';
import { meanings } from './meanings.ts';
import { ntStatusTable } from './ntstatus.ts';
import { type CodeTable, codesOf } from './table.ts';
import { win32Table } from './win32.ts';

const tables: Readonly<Record<string, CodeTable>> = {
  ntstatus: ntStatusTable,
  win32: win32Table,
  hresult: hresultTable,
};

/** impacket 0.13.1 does not know these statuses of SMB 3.1.1 and of clusters. */
const notInImpacket = {
  STATUS_SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP: 0xc05d0000,
  STATUS_SMB_BAD_CLUSTER_DIALECT: 0xc05d0001,
};

const file = new URL('../../../test/vectors/erref.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;

describe.each(Object.entries(tables))('the names of %s', (kind, table) => {
  test('have the codes that impacket has', () => {
    const theirs = Object.entries(vectors[kind] ?? {}).map(([name, code]) => [name, Number(code)]);
    const others = kind === 'ntstatus' ? notInImpacket : {};
    expect(codesOf(table)).toEqual({ ...Object.fromEntries(theirs), ...others });
  });

  test('have a code each', () => {
    const codes = Object.values(table).map(([code]) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

test('a name stands in one table only', () => {
  const names = Object.values(tables).flatMap((table) => Object.keys(table));
  expect(new Set(names).size).toBe(names.length);
});

test('every meaning is that of some code', () => {
  const used = Object.values(tables).flatMap((table) => Object.values(table).map(([, meaning]) => meaning));
  expect(Object.keys(meanings).sort()).toEqual([...new Set(used)].sort());
});

test('every meaning has words of its own, to stand behind a colon', () => {
  const texts = Object.values(meanings).map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.filter((text) => /[.:]$|^The |^$/.test(text))).toEqual([]);
});
