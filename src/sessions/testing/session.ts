import { keyOf, type XrdpIdentity } from '../identity.ts';
import type { Session } from '../session.ts';

/** When hosts are read in tests. */
export const readAt = Temporal.Instant.from('2026-03-02T14:00:00Z');

/** A session as an xrdp host would tell it, active and otherwise unknown. */
export function aSession(facts: Partial<Session> & Pick<Session, 'id'>): Session {
  const { host = 'xh1', id } = facts;
  const identity: XrdpIdentity = {
    kind: 'xrdp',
    host,
    bootId: 'b0075eed-0000-4000-8000-000000000000',
    anchor: 'x-server',
    pid: 1000 + id,
    startTicks: 5000,
    uid: 1000 + id,
  };
  return {
    host,
    name: `:${id}`,
    kind: 'user',
    user: `user${id}`,
    domain: null,
    state: 'active',
    idleFor: null,
    loggedOnAt: null,
    connectedAt: null,
    disconnectedAt: null,
    lastInputAt: null,
    client: { name: null, address: null, display: null },
    protocol: 'rdp',
    locked: null,
    memoryBytes: null,
    cpuPercent: null,
    bytesInPerSecond: null,
    bytesOutPerSecond: null,
    roundTripMs: null,
    processCount: null,
    troubles: [],
    identity,
    key: keyOf(identity),
    ...facts,
  };
}
