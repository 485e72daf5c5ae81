import { errorRow, type ErrorRow, type UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';

const text = (at: Temporal.Instant | null): string | null => at?.toString() ?? null;

/** A session as `--json` prints it: the fields are a promise, and so is their order. */
export function sessionJson(session: Session) {
  const { client } = session;
  return {
    host: session.host,
    id: session.id,
    name: session.name,
    kind: session.kind,
    user: session.user,
    domain: session.domain,
    state: session.state,
    idleFor: session.idleFor,
    loggedOnAt: text(session.loggedOnAt),
    connectedAt: text(session.connectedAt),
    disconnectedAt: text(session.disconnectedAt),
    lastInputAt: text(session.lastInputAt),
    client: { name: client.name, address: client.address, display: client.display },
    protocol: session.protocol,
    locked: session.locked,
    memoryBytes: session.memoryBytes,
    cpuPercent: session.cpuPercent,
    bytesInPerSecond: session.bytesInPerSecond,
    bytesOutPerSecond: session.bytesOutPerSecond,
    roundTripMs: session.roundTripMs,
    processCount: session.processCount,
    troubles: session.troubles.map(({ code, reason }) => ({ code, reason })),
    key: session.key,
  };
}

export const errorRows = (errors: readonly UsherError[]): readonly ErrorRow[] => errors.map(errorRow);
