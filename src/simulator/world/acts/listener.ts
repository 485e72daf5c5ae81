import { type ActOutcome, perform } from '../act.ts';
import type { Actor } from '../actor.ts';
import type { SimulatedHost } from '../host.ts';
import type { SimulatedListener } from '../listener.ts';
import { isConnected } from '../session.ts';
import { disconnect } from './disconnect.ts';

/** Starts a listener or stops it. Who is connected stays. */
export function setListening(
  host: SimulatedHost,
  listener: SimulatedListener,
  isListening: boolean,
  by: Actor,
): ActOutcome {
  const detail = `${listener.name} ${isListening ? 'starts' : 'stops'}`;
  return perform(host, { act: 'set-listener', session: null, process: null, by, detail }, () => {
    listener.isListening = isListening;
  });
}

/** Disconnects the sessions that came through it ([MS-TSTS] 3.7.4.1.13, its note on listeners). */
export function resetListener(host: SimulatedHost, listener: SimulatedListener, by: Actor): ActOutcome {
  const attempt = { act: 'reset', session: null, process: null, by, detail: listener.name } as const;
  return perform(host, attempt, () => {
    for (const session of host.allSessions()) {
      if (session.listener === listener.name && isConnected(session)) disconnect(host, session, by);
    }
  });
}
