import { UsherError } from '../../sessions/errors.ts';
import { hresultTable } from './hresult.ts';
import { type MeaningName, meanings } from './meanings.ts';
import { ntStatusTable } from './ntstatus.ts';
import { byCode, type NamedCode } from './table.ts';
import { win32Table } from './win32.ts';

/** What kind of code a call's declaration says it answers with. */
export type CodeKind = 'ntstatus' | 'hresult' | 'win32';

const ntStatuses = byCode(ntStatusTable);
const hresults = byCode(hresultTable);
const win32Codes = byCode(win32Table);

/** FACILITY_WIN32 of an HRESULT, FACILITY_NTWIN32 of an NTSTATUS: a Win32 error code is in its lower half. */
const facilityWin32 = 7;
/** The N bit of an HRESULT ([MS-ERREF] 2.1): the rest is an NTSTATUS. */
const facilityNtBit = 0x10000000;

/** As an HRESULT it comes from the session services, whose calls ask for a session and for no file. */
const sessionNotFound: NamedCode = { name: 'ERROR_FILE_NOT_FOUND', meaning: 'noSession' };

const severityError = 3;
const severityOf = (code: number): number => code >>> 30;

const lookUp: Readonly<Record<CodeKind, (code: number) => NamedCode | undefined>> = {
  win32: (code) => win32Codes.get(code),
  /** Some calls answer an HRESULT where an NTSTATUS belongs (0x80071B6E in [MS-TSTS] 3.7.4.1.10). */
  ntstatus: (code) => ntStatuses.get(code) ?? win32Within(code),
  /** An NTSTATUS of an error that stands there bare has the R bit, which no HRESULT has without the N bit. */
  hresult(code) {
    const known = hresults.get(code);
    if (known !== undefined) return known;
    if ((code & facilityNtBit) !== 0) return ntStatuses.get((code & ~facilityNtBit) >>> 0);
    return severityOf(code) === severityError ? ntStatuses.get(code) : win32Within(code);
  },
};

function win32Within(code: number): NamedCode | undefined {
  if (((code >>> 16) & 0x7ff) !== facilityWin32) return undefined;
  const known = win32Codes.get(code & 0xffff);
  return known?.name === sessionNotFound.name ? sessionNotFound : known;
}

const labels: Readonly<Record<CodeKind, string>> = { ntstatus: 'NTSTATUS', hresult: 'HRESULT', win32: 'Win32 error' };

/** Signed and unsigned codes of 32 bits are the same. */
const find = (kind: CodeKind, code: number): NamedCode | undefined => lookUp[kind](code >>> 0);

/** `ERROR_ACCESS_DENIED`, or `HRESULT 0x80040ABC` for a code without a name here. */
export function codeText(kind: CodeKind, code: number): string {
  const digits = (code >>> 0).toString(16).toUpperCase().padStart(8, '0');
  return find(kind, code)?.name ?? `${labels[kind]} 0x${digits}`;
}

/**
 * Whether a call failed that answered so: an HRESULT below zero, an NTSTATUS of severity error, a Win32 error code but zero.
 * What tells of more data or the end of a list is for the caller to know.
 */
export function isFailure(kind: CodeKind, code: number): boolean {
  if (kind === 'hresult') return (code | 0) < 0;
  return kind === 'ntstatus' ? severityOf(code) === severityError : code !== 0;
}

/** What a host answered with a code. */
export class CodedFailure extends UsherError {
  /** Null for a code without a name here. */
  readonly meaning: MeaningName | null;

  constructor(meaning: MeaningName | null, message: string) {
    const { kind, hint } = meaning === null ? { kind: 'bad_answer' as const } : meanings[meaning];
    super({ code: kind, message, hint });
    this.meaning = meaning;
  }
}

/**
 * The host answered with this code when it was asked for that: `logging off session 3`. The message has the operation,
 * the code's name and what it means.
 */
export function failureOf(kind: CodeKind, code: number, operation: string): CodedFailure {
  const known = find(kind, code);
  const answered = `${operation}: the host answered ${codeText(kind, code)}`;
  if (known === undefined) return new CodedFailure(null, answered);
  return new CodedFailure(known.meaning, `${answered}: ${meanings[known.meaning].text}`);
}
