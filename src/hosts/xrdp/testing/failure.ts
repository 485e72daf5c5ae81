import { UsherError } from '../../../sessions/errors.ts';

/** What `attempt` throws when that is no `UsherError`; null where it succeeds or fails as it should. */
export function foreignFailureOf(attempt: () => unknown): unknown {
  try {
    attempt();
    return null;
  } catch (error) {
    return error instanceof UsherError ? null : error;
  }
}
