import { UsherError } from '../../sessions/errors.ts';

/** Null where an HRESULT tells success: any that is not negative ([MS-TSTS] 3.3.4.1). */
export function failureOfHresult(value: number, operation: string): UsherError | null {
  return value >= 0
    ? null
    : new UsherError({ code: 'bad_answer', message: `${operation}: HRESULT ${(value >>> 0).toString(16)}` });
}

/** Null where a call of IcaApi succeeded: its BOOLEAN says so, its NTSTATUS says why not ([MS-TSTS] 3.7.4.1). */
export function failureOfIcaApi(
  result: { readonly pResult: number; readonly returnValue: boolean },
  operation: string,
): UsherError | null {
  return result.returnValue
    ? null
    : new UsherError({ code: 'bad_answer', message: `${operation}: NTSTATUS ${result.pResult.toString(16)}` });
}
