import { fixedArray } from '../../ndr/arrays.ts';
import { cStructure, decodeStructure } from '../../ndr/c-structure.ts';
import { u32 } from '../../ndr/primitives.ts';
import { wideChars } from '../../ndr/text.ts';
import type { ValueOf } from '../../ndr/type.ts';

/** SESSIONID, also called LOGONID (MS-TSTS 2.2.2.13). */
export const sessionId = cStructure({
  logonId: u32,
  winStationName: wideChars(33),
  /** WINSTATIONSTATECLASS. */
  state: u32,
});

export type SessionId = ValueOf<typeof sessionId>;

/** What RpcWinStationEnumerate answers: one after the other. Throws `UsherError` `bad_answer`. */
export function decodeSessionIds(bytes: Uint8Array, count: number): readonly SessionId[] {
  return decodeStructure('LOGONID', fixedArray(sessionId, count), bytes);
}
