import type { ActOutcome, Refusal } from '../world/act.ts';

/** What a method says no with, beyond what acts are refused for. */
export type No =
  | Refusal
  | 'invalid-parameter'
  | 'invalid-class'
  | 'wrong-length'
  | 'no-more'
  | 'no-such-listener'
  | 'aborted'
  | 'timed-out'
  | 'closing'
  | 'too-small';

/** Ends a method with an answer that says no. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly no: No;

  constructor(no: No) {
    super(no);
    this.no = no;
  }
}

/** Throws {@link Refused} where an act was refused. */
export function mustBeTakenOn(outcome: ActOutcome): void {
  if (outcome.kind === 'refused') throw new Refused(outcome.refusal);
}

/**
 * As HRESULTs ([MS-ERREF] 2.1.1). Where [MS-TSTS] leaves them to the server, those that impacket's tstool.py expects of Windows
 * (0x80070002, 0x8007139F), else the Win32 error of that meaning.
 */
export const hresults: Readonly<Record<No, number>> = {
  'access-denied': 0x80070005,
  'no-such-session': 0x80070002,
  'wrong-state': 0x8007139f,
  'no-such-process': 0x80070057,
  'protected-process': 0x80070005,
  'going-down': 0x8007045b,
  'logons-disabled': 0x80071b90,
  'no-room': 0x80070218,
  'not-supported': 0x80070032,
  'invalid-parameter': 0x80070057,
  'invalid-class': 0x80070057,
  'wrong-length': 0x80070018,
  'no-more': 0x80070103,
  'no-such-listener': 0x80070002,
  aborted: 0x800703e3,
  'timed-out': 0x800705b4,
  closing: 0x80071b5f,
  'too-small': 0x8007007a,
};

/** As NTSTATUS values ([MS-ERREF] 2.3.1). */
export const ntStatuses: Readonly<Record<No, number>> = {
  'access-denied': 0xc0000022,
  'no-such-session': 0xc00a0015,
  'wrong-state': 0xc000000d,
  'no-such-process': 0xc000000b,
  'protected-process': 0xc0000022,
  'going-down': 0xc0000120,
  'logons-disabled': 0xc00a0037,
  'no-room': 0xc0000017,
  'not-supported': 0xc00000bb,
  'invalid-parameter': 0xc000000d,
  'invalid-class': 0xc0000003,
  'wrong-length': 0xc0000004,
  'no-more': 0x8000001a,
  'no-such-listener': 0xc00a0015,
  aborted: 0xc0000120,
  'timed-out': 0x00000102,
  closing: 0xc00a0006,
  'too-small': 0xc0000023,
};
