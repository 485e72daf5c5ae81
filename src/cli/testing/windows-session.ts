import { keyOf, type SessionIdentity } from '../../sessions/identity.ts';
import type { Session } from '../../sessions/session.ts';
import { aSession } from '../../sessions/testing/session.ts';

/** A session of a user of the domain CORP on a Windows host. */
export function aWindowsSession(facts: Partial<Session> & Pick<Session, 'id' | 'user'>): Session {
  const { host = 'ssh://a', id, user } = facts;
  const account = `CORP\\${user ?? ''}`;
  const identity: SessionIdentity = { kind: 'windows-logon', host, boot: '1', sessionId: id, logonTime: '2', account };
  return aSession({ host, name: `RDP-Tcp#${id}`, domain: 'CORP', identity, key: keyOf(identity), ...facts });
}
