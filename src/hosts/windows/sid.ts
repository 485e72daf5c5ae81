import { UsherError } from '../../sessions/errors.ts';
import { Reader } from '../../wire/bytes/reader.ts';
import { readSid } from '../../wire/ms-dtyp/sid.ts';

/** `S-1-5-18`, of a SID as it lies in memory ([MS-DTYP] 2.4.2.1, 2.4.2.2); null where the bytes are none. */
export function formatSid(bytes: Uint8Array): string | null {
  try {
    return readSid(new Reader('SID', bytes));
  } catch (error) {
    if (error instanceof UsherError) return null;
    throw error;
  }
}

const wellKnown: ReadonlyMap<string, string> = new Map([
  ['S-1-5-18', 'SYSTEM'],
  ['S-1-5-19', 'LOCAL SERVICE'],
  ['S-1-5-20', 'NETWORK SERVICE'],
]);

/** The account of a SID that is the same on every host: `SYSTEM`, `DWM-3`, `UMFD-3`; null for any other. */
export function wellKnownAccount(sid: string): string | null {
  const manager = /^S-1-5-(90|96)-0-(\d+)$/.exec(sid);
  if (manager !== null) return `${manager[1] === '90' ? 'DWM' : 'UMFD'}-${manager[2]}`;
  return wellKnown.get(sid) ?? null;
}
