import type { RpcCall } from '../../ndr/call.ts';
import { closeEnum } from './close-enum.ts';
import { enumAddFilter } from './enum-add-filter.ts';
import { filterByCallersName } from './filter-by-callers-name.ts';
import { filterBySessionType } from './filter-by-session-type.ts';
import { filterByState } from './filter-by-state.ts';
import { getAllSessions } from './get-all-sessions.ts';
import { getAllSessionsEx } from './get-all-sessions-ex.ts';
import { getEnumResult } from './get-enum-result.ts';
import { getEnumResultEx } from './get-enum-result-ex.ts';
import { getSessionIds } from './get-session-ids.ts';
import { openEnum } from './open-enum.ts';

/** The interface's calls, by their opnums. */
export const termSrvEnumerationCalls: readonly RpcCall<unknown, unknown>[] = [
  openEnum,
  closeEnum,
  filterByState,
  filterByCallersName,
  enumAddFilter,
  getEnumResult,
  filterBySessionType,
  getSessionIds,
  getEnumResultEx,
  getAllSessions,
  getAllSessionsEx,
];
