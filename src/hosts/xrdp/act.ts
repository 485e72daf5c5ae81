import { UsherError } from '../../sessions/errors.ts';
import type { Host } from '../../sessions/host.ts';
import type { XrdpIdentity } from '../../sessions/identity.ts';
import type { ActReport, ActTarget, HostAct } from '../act.ts';
import type { ActAnswer } from './answer.ts';

/** The identity of a target on this kind of host. Throws {@link UsherError} `session_changed` for any other kind. */
export function xrdpIdentity(host: Host, { identity }: ActTarget): XrdpIdentity {
  if (identity.kind === 'xrdp') return identity;
  throw new UsherError({
    code: 'session_changed',
    host: host.name,
    message: 'this is no session of an xrdp host',
    hint: 'list the sessions again',
  });
}

/** How a request tells which session is meant: boot, display, X server's pid and start, user. */
export const targetWords = ({ bootId, pid, startTicks, uid }: XrdpIdentity, id: number): string =>
  `${bootId} ${id} ${pid} ${startTicks} ${uid}`;

/** The probe's request for an act: who is meant, the reason that must still hold, and what to do. */
export function actVerb(
  identity: XrdpIdentity,
  { id, reason }: ActTarget,
  act: Exclude<HostAct, { act: 'connect' }>,
): string {
  const lastInput = reason?.lastInputAt ?? null;
  const words = [
    'act',
    act.act,
    targetWords(identity, id),
    reason?.state ?? '-',
    lastInput === null ? '-' : lastInput.epochMilliseconds / 1000,
  ];
  return (act.act === 'kill-process' ? [...words, act.pid, act.start] : words).join(' ');
}

/** What the probe did. Throws {@link UsherError} `session_changed` or `access_denied`. */
export function reportOf(host: Host, answer: ActAnswer): ActReport {
  if (answer.changed !== null) {
    throw new UsherError({
      code: 'session_changed',
      host: host.name,
      message: `${answer.changed}: nothing was done`,
      hint: 'list the sessions again',
    });
  }
  if (answer.refused !== null) {
    const done = answer.did.length === 0 ? 'nothing was done' : `done before that: ${answer.did.join(', ')}`;
    throw new UsherError({
      code: 'access_denied',
      host: host.name,
      message: `the host refused: ${answer.refused}; ${done}`,
      hint: 'log on as root, or give the account sudo without a password for perl',
    });
  }
  return { did: answer.did };
}
