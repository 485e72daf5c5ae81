import { bufferedBytes } from '../ndr/arrays.ts';
import { unique } from '../ndr/pointer.ts';
import { u32 } from '../ndr/primitives.ts';

/** The most bytes of a value that are read or written. */
export const mostData = 0x100000;

/**
 * A value of the registry and the room for it. In a request, lpData is an empty buffer, lpcbData its size and lpcbLen 0. In a
 * response, lpcbData and lpcbLen are the size of the data: with ERROR_MORE_DATA, the size that is needed.
 */
export const value = {
  lpType: unique(u32),
  lpData: unique(bufferedBytes({ most: mostData })),
  lpcbData: unique(u32),
  lpcbLen: unique(u32),
} as const;

/** Types of values (MS-RRP 3.1.1.5). */
export const valueType = { none: 0, sz: 1, expandSz: 2, binary: 3, dword: 4, multiSz: 7, qword: 11 } as const;
