import { timingSafeEqual } from 'node:crypto';

/** Whether both are the same bytes, in a time that tells nothing of where they differ. */
export function equalInConstantTime(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
