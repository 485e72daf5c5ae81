import { formatHostUrl } from '../../sessions/host.ts';
import { accountOf } from '../../sessions/account.ts';
import { UsherError } from '../../sessions/errors.ts';
import { identityOf, isSameSession } from '../../sessions/identity.ts';
import type { Session } from '../../sessions/session.ts';
import type { FoundSession } from '../find-sessions.ts';
import type { FleetHost } from '../inventory.ts';
import type { ListedSession } from './listed.ts';

/** The session as it is remembered once it was listed. */
export function listedAs(host: FleetHost, session: Session, listedAt: Temporal.Instant): ListedSession {
  const { id, name, key } = session;
  return { host: host.name, url: formatHostUrl(host.url), id, name, key, account: accountOf(session), listedAt };
}

/** What the memory says of a session that was named by its id or name. `other`: the last listing showed another one there. */
export type Recollection =
  | { readonly kind: 'same' | 'unknown' }
  | { readonly kind: 'other'; readonly was: ListedSession };

/** What was last listed by the id or the name by which the session was found now, at the same host. */
export function recollect(
  { host: { host }, session, namedBy }: Pick<FoundSession, 'host' | 'session' | 'namedBy'>,
  listed: readonly ListedSession[],
): Recollection {
  const url = formatHostUrl(host.url);
  const name = session.name.toLowerCase();
  const meant = (one: ListedSession): boolean =>
    namedBy === 'name' ? one.name.toLowerCase() === name : one.id === session.id;
  const [last] = listed
    .filter((one) => one.host === host.name && one.url === url && meant(one))
    .toSorted((one, other) => Temporal.Instant.compare(other.listedAt, one.listedAt));
  if (last === undefined) return { kind: 'unknown' };
  return isKeyOf(last.key, session) ? { kind: 'same' } : { kind: 'other', was: last };
}

/** Whether the key is of this very session; a boot that one of the two readings could not see does not count. */
function isKeyOf(key: string, session: Session): boolean {
  if (key === session.key) return true;
  try {
    return isSameSession(identityOf(key), session.identity);
  } catch (error) {
    if (error instanceof UsherError) return false;
    throw error;
  }
}
