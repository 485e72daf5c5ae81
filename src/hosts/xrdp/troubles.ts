import type { Trouble } from '../../sessions/session.ts';
import type { SessionFacts } from './answer.ts';

/** A client's smoothed round-trip time from which its desktop is felt to lag, in milliseconds. */
const slowRoundTripMs = 300;
/** How long sent data may go without an acknowledgement before the link counts as slow, in milliseconds. */
const longestSilenceMs = 5000;
/** How long a session may take to start its first user process, in seconds. */
const longestStart = 10;
/** A log-off ends within 0.1 to 0.2 s (measured); what is left after this many seconds stays. */
const longestLogoff = 0.4;

const windowManagers = new Set(
  'openbox xfwm4 xfce4-session mutter gnome-shell gnome-session-b kwin_x11 ksmserver startplasma-x11 plasmashell marco mate-session metacity lxsession lxqt-session icewm fluxbox i3 awesome cinnamon cinnamon-sessio twm fvwm fvwm3 jwm mwm'.split(
    ' ',
  ),
);

/** Why this session looks hung or lagging. */
export function troublesOf(facts: SessionFacts, now: number): readonly Trouble[] {
  if (facts.xServer === null) return leftBehind(facts);
  const troubles: Trouble[] = [];
  if (facts.leader === null || !facts.managed) {
    const gone = facts.leader === null ? 'its session leader is gone' : 'the xrdp-sesman that began it is gone';
    troubles.push({ code: 'orphan', reason: `${gone}: nobody can reconnect to it` });
  }
  if (facts.xAnswered === false) {
    troubles.push({ code: 'x-server-silent', reason: `X server ${facts.xServer.pid} gave no answer within 1 s` });
  }
  if (facts.userProcessCount === 0 && now - facts.startedAt > longestStart) {
    troubles.push({ code: 'no-user-process', reason: 'no process of its user is left beside the X server' });
  }
  const stopped = stoppedWindowManager(facts);
  if (stopped !== null) {
    troubles.push({ code: 'window-manager-stopped', reason: `${stopped.name} ${stopped.pid} is stopped` });
  }
  return troubles.concat(linkTroubles(facts));
}

function leftBehind(facts: SessionFacts): readonly Trouble[] {
  if ((facts.leftFor ?? 0) < longestLogoff) return [];
  const left = facts.processCount === 1 ? 'a process is' : `${facts.processCount ?? 'some'} processes are`;
  return [{ code: 'closing', reason: `its X server is gone, ${left} left` }];
}

function stoppedWindowManager(facts: SessionFacts): { name: string; pid: number } | null {
  const first = facts.windowManager;
  if (first !== null && /^t$/i.test(first.state)) return first;
  return facts.stopped.find((process) => windowManagers.has(process.name)) ?? null;
}

function linkTroubles({ rttMicroseconds, unackedSegments, ackAgeMs }: SessionFacts): readonly Trouble[] {
  if ((unackedSegments ?? 0) > 0 && (ackAgeMs ?? 0) > longestSilenceMs) {
    const silence = Math.round((ackAgeMs ?? 0) / 1000);
    return [{ code: 'slow-client-link', reason: `its client has acknowledged nothing for ${silence} s` }];
  }
  if (rttMicroseconds === null || rttMicroseconds / 1000 < slowRoundTripMs) return [];
  return [
    { code: 'slow-client-link', reason: `round trips to its client take ${Math.round(rttMicroseconds / 1000)} ms` },
  ];
}
