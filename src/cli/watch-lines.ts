import { accountOf } from '../sessions/account.ts';
import type { SessionChange } from '../sessions/changes.ts';
import type { Session, SessionClient } from '../sessions/session.ts';

/** `xh1  10  alice  reconnected from laptop-7 (10.0.0.5)`. */
export function changeLine(change: SessionChange): string {
  const { host, id } = change.session;
  return [host, String(id), accountOf(change.session) ?? '-', detailOf(change)].join('  ');
}

/** A session that was there before anything changed. */
export const presentLine = (session: Session): string => `present, ${session.state ?? 'state unknown'}${from(session)}`;

/** What changed, for people. */
export function detailOf(change: SessionChange): string {
  const { session } = change;
  switch (change.kind) {
    case 'appeared':
      return `appeared, ${session.state ?? 'state unknown'}${from(session)}`;
    case 'ended':
      return `ended, was ${session.state ?? 'in an unknown state'}`;
    case 'state-changed':
      return `${change.before.state ?? 'unknown'} → ${session.state ?? 'unknown'}`;
    case 'reconnected':
      return `reconnected${from(session)}${wasFrom(change.before, session)}`;
    case 'locked':
    case 'unlocked':
      return change.kind;
    case 'trouble-began':
      return `in trouble: ${change.trouble.reason}`;
    case 'trouble-ended':
      return `out of trouble: ${change.trouble.code}`;
  }
}

const from = ({ client }: Session): string => (machine(client) === null ? '' : ` from ${machine(client)}`);

function wasFrom(before: Session, session: Session): string {
  if (before.state === 'disconnected') return '';
  const was = machine(before.client);
  return was === null || was === machine(session.client) ? ', taken over' : `, taken over from ${was}`;
}

function machine({ name, address }: SessionClient): string | null {
  return name !== null && address !== null ? `${name} (${address})` : (name ?? address);
}
