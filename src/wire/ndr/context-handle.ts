import { guid, noGuid } from './guid.ts';
import { u32 } from './primitives.ts';
import { struct } from './struct.ts';
import type { ValueOf } from './type.ts';

/** A context handle (C706 14.3.10): what the server gave, and nobody else understands. */
export const contextHandle = struct({ attributes: u32, uuid: guid });

export type ContextHandle = ValueOf<typeof contextHandle>;

/** Stands for no handle: a failed opening and a closing give it. */
export const nullHandle: ContextHandle = { attributes: 0, uuid: noGuid };
