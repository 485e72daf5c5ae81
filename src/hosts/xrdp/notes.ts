import type { Session } from '../../sessions/session.ts';
import type { HostNote } from '../driver.ts';
import type { ListAnswer } from './answer.ts';

/** What the probe runs as, and why not as more. */
export interface ProbeRights {
  readonly uid: number;
  readonly user: string;
  /** What sudo said when it was asked; null when it was not, or agreed. */
  readonly sudoRefusal: string | null;
  /** Whether it was a password that sudo refused. */
  readonly sudoPasswordRefused: boolean;
}

const becomeRoot = 'log on as root, or give the account sudo without a password for perl';

/** What the host did not tell, which columns that costs and what to do about it. */
export function notesOn(answer: ListAnswer, sessions: readonly Session[], rights: ProbeRights): readonly HostNote[] {
  const notes: HostNote[] = [];
  if (!answer.everyProcessSeen) {
    notes.push({
      code: 'processes-hidden',
      message: 'not every process can be seen in full, so orphans and what sessions left behind may be missing',
      columns: [],
      hint: rights.uid === 0 ? 'this root lacks CAP_SYS_PTRACE, or /proc is restricted' : becomeRoot,
    });
  }
  const [unread] = answer.unread;
  if (unread !== undefined) {
    notes.push({
      code: 'unreadable-rows',
      message: `${answer.unread.length === 1 ? 'a session is' : `${answer.unread.length} sessions are`} missing, since what the host says of it is not understood (${unread})`,
      columns: [],
      hint: null,
    });
  }
  if (answer.crowded.length > 0) {
    const users = answer.crowded.slice(0, 8).join(', ');
    notes.push({
      code: 'crowded',
      message: `user ${users} runs more X servers, or left more behind, than are listed, and no session leader began them`,
      columns: [],
      hint: 'look at that user’s processes on the host: only sessions that xrdp began can be trusted',
    });
  }
  if (rights.sudoPasswordRefused) {
    notes.push({
      code: 'sudo-refused',
      message: `sudo did not take ${rights.user}'s password`,
      columns: [],
      hint: "correct the credential's sudo password",
    });
  }
  const missing = missingColumns(sessions);
  if (rights.uid !== 0 && missing.length > 0) {
    const refusal = rights.sudoRefusal === null ? '' : ` (${rights.sudoRefusal})`;
    notes.push({
      code: 'not-root',
      message: `${rights.user} is not root and may not become it${refusal}, so some columns are not known`,
      columns: missing,
      hint: becomeRoot,
    });
  }
  if (!answer.socketsSeen) {
    notes.push({
      code: 'no-sock-diag',
      message: "the kernel does not list TCP sockets (sock_diag), so clients' addresses and traffic are not known",
      columns: ['client', 'bytesInPerSecond', 'bytesOutPerSecond', 'roundTripMs'],
      hint: 'load the kernel modules inet_diag, tcp_diag and unix_diag on the host',
    });
  }
  return [...notes, ...xrdpNotes(answer, sessions, rights)];
}

function xrdpNotes(answer: ListAnswer, sessions: readonly Session[], rights: ProbeRights): readonly HostNote[] {
  const notes: HostNote[] = [];
  if (!answer.clientLogSeen && rights.uid === 0 && sessions.some(({ state }) => state === 'active')) {
    notes.push({
      code: 'no-client-log',
      message: "xrdp writes no log file, so clients' names are not known",
      columns: ['client.name'],
      hint: 'set LogFile and EnableProcessId=true in [Logging] of /etc/xrdp/xrdp.ini',
    });
  }
  if (!answer.sesmanRunning) {
    notes.push({
      code: 'sesman-not-running',
      message: 'xrdp-sesman does not run here',
      columns: [],
      hint: 'start it with `systemctl start xrdp-sesman`, or name a host that runs xrdp',
    });
  }
  const [first] = answer.staleLocks;
  if (first !== undefined) {
    const shown = answer.staleLocks.slice(0, 8).map((display) => `:${display}`);
    const more = answer.staleLocks.length > shown.length ? ` and ${answer.staleLocks.length - shown.length} more` : '';
    notes.push({
      code: 'stale-display-locks',
      message: `a lock file was left behind for ${shown.join(', ')}${more}: xrdp passes over such a display`,
      columns: [],
      hint: `rm /tmp/.X${first}-lock /tmp/.X11-unix/X${first} on the host`,
    });
  }
  return notes;
}

/** The columns that need root for sessions of other users, where one of them is unknown. */
function missingColumns(sessions: readonly Session[]): readonly string[] {
  const column: Record<string, (session: Session) => unknown> = {
    idleFor: ({ idleFor }) => idleFor,
    lastInputAt: ({ lastInputAt }) => lastInputAt,
    'client.name': ({ state, client }) => state !== 'active' || client.name,
    'client.address': ({ state, client }) => state !== 'active' || client.address,
    'client.display': ({ state, client }) => state !== 'active' || client.display,
    memoryBytes: ({ memoryBytes }) => memoryBytes,
    cpuPercent: ({ cpuPercent }) => cpuPercent,
    bytesInPerSecond: ({ state, bytesInPerSecond }) => state !== 'active' || bytesInPerSecond,
    bytesOutPerSecond: ({ state, bytesOutPerSecond }) => state !== 'active' || bytesOutPerSecond,
    roundTripMs: ({ state, roundTripMs }) => state !== 'active' || roundTripMs,
    processCount: ({ processCount }) => processCount,
  };
  return Object.keys(column).filter((name) => sessions.some((session) => column[name]?.(session) === null));
}
