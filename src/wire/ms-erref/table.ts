import type { MeaningName } from './meanings.ts';

/** A name's code, and what it means. */
type Entry = readonly [code: number, meaning: MeaningName];

/** Codes of one kind by their names. */
export type CodeTable = Readonly<Record<string, Entry>>;

/** The codes alone. */
export type CodesOf<Table extends CodeTable> = { readonly [Name in keyof Table]: Table[Name][0] };

export function codesOf<Table extends CodeTable>(table: Table): CodesOf<Table> {
  return Object.fromEntries(Object.entries(table).map(([name, [code]]) => [name, code])) as CodesOf<Table>;
}

export interface NamedCode {
  readonly name: string;
  readonly meaning: MeaningName;
}

export function byCode(table: CodeTable): ReadonlyMap<number, NamedCode> {
  return new Map(Object.entries(table).map(([name, [code, meaning]]) => [code, { name, meaning }]));
}
