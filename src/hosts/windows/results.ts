import type { UsherError } from '../../sessions/errors.ts';
import { failureOf, isFailure } from '../../wire/ms-erref/failure.ts';

/** What an HRESULT tells of a call of LSM or RCM; null where it succeeded ([MS-TSTS] 3.3.4, 3.5.4). */
export function failureOfHresult(value: number, operation: string): UsherError | null {
  return isFailure('hresult', value) ? failureOf('hresult', value, operation) : null;
}

interface IcaApiResult {
  /** NTSTATUS. */
  readonly pResult: number;
  readonly returnValue: boolean;
}

/** Null where a call of IcaApi succeeded: its BOOLEAN says whether, its NTSTATUS why not ([MS-TSTS] 3.7.4.1). */
export function failureOfIcaApi({ pResult, returnValue }: IcaApiResult, operation: string): UsherError | null {
  return returnValue ? null : failureOf('ntstatus', pResult, operation);
}

/** Throws the failure where there is one. */
export function succeed(failure: UsherError | null): void {
  if (failure !== null) throw failure;
}
