import type { RpcCall } from '../ndr/call.ts';
import { closeKey } from './close-key.ts';
import { createKey } from './create-key.ts';
import { deleteKey } from './delete-key.ts';
import { deleteValue } from './delete-value.ts';
import { enumKey } from './enum-key.ts';
import { enumValue } from './enum-value.ts';
import { flushKey } from './flush-key.ts';
import { getVersion } from './get-version.ts';
import { openKey } from './open-key.ts';
import { openLocalMachine } from './open-local-machine.ts';
import { queryInfoKey } from './query-info-key.ts';
import { queryValue } from './query-value.ts';
import { setValue } from './set-value.ts';

/** Every call of MS-RRP that is declared, by opnum. */
export const winregCalls: readonly RpcCall<unknown, unknown>[] = [
  openLocalMachine,
  closeKey,
  createKey,
  deleteKey,
  deleteValue,
  enumKey,
  enumValue,
  flushKey,
  openKey,
  queryInfoKey,
  queryValue,
  setValue,
  getVersion,
];
