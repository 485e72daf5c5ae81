import { room } from '../../bytes/room.ts';
import { pfcFlag } from '../pdus/header.ts';

/** One fragment of a call's stub data. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** PFC_FIRST_FRAG and PFC_LAST_FRAG. */
  readonly pfcFlags: number;
  /** Bytes of stub data from this fragment on. */
  readonly allocHint: number;
}

const alignment = 16;

/**
 * Cuts stub data into fragments of `capacity` bytes, which is a multiple of 16. The trailer follows at a multiple of 4 and is whole
 * in the last fragment ([MS-RPCE] 2.2.2.13); it may be empty.
 */
export function cut(stub: Uint8Array, trailer: Uint8Array, capacity: number): readonly Piece[] {
  const trailerAt = trailer.length === 0 ? stub.length : Math.ceil(stub.length / 4) * 4;
  const all = trailer.length === 0 ? stub : room(trailerAt + trailer.length);
  if (trailer.length > 0) {
    all.set(stub);
    all.fill(0, stub.length, trailerAt);
    all.set(trailer, trailerAt);
  }
  const pieces: Piece[] = [];
  for (let at = 0, end = 0; pieces.length === 0 || at < all.length; at = end) {
    const isLast = all.length - at <= capacity;
    const most = trailer.length === 0 ? capacity : Math.min(capacity, floor(trailerAt - at));
    end = isLast ? all.length : at + most;
    pieces.push({
      bytes: all.subarray(at, end),
      pfcFlags: (at === 0 ? pfcFlag.firstFrag : 0) | (isLast ? pfcFlag.lastFrag : 0),
      allocHint: Math.max(0, stub.length - at),
    });
  }
  return pieces;
}

const floor = (length: number): number => Math.floor(length / alignment) * alignment;
