import { UsherError } from '../../sessions/errors.ts';

/** What was read, or why it was refused. */
export function outcomeOf<T>(read: () => T): { readonly read: T } | { readonly refused: string } {
  try {
    return { read: read() };
  } catch (error) {
    if (error instanceof UsherError) return { refused: error.message };
    throw error;
  }
}
