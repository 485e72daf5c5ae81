import type { ActReport, ActTarget, HostAct, Presence } from '../../hosts/act.ts';
import type { HostConnection } from '../../hosts/driver.ts';
import type { Message, MessageOutcome } from '../../hosts/message.ts';
import type { SessionProcess } from '../../sessions/process.ts';
import type { EndingHost } from '../run.ts';

/** What the host does; each may be changed while an ending runs. */
export interface Script {
  presence: (target: ActTarget) => Presence | Promise<Presence>;
  act: (act: HostAct['act'], target: ActTarget) => ActReport | Promise<ActReport>;
  /** What runs in the session; nothing by default. */
  processes?: readonly SessionProcess[];
  /** What becomes of a message that is shown; by default it stays until it is taken back. */
  message?: (message: Message) => Promise<MessageOutcome>;
  /** Whether it hears that a message is taken back; by default it does. */
  hears?: boolean;
}

export interface ScriptedHost extends EndingHost {
  readonly acts: readonly string[];
  readonly messages: readonly Message[];
  /** How many messages were taken back. */
  readonly takenBack: () => number;
}

/** When a work gets its turn on the host; by default at once. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function scriptedHost(script: Script, turn: Turns = (work) => work()): ScriptedHost {
  const acts: string[] = [];
  const messages: Message[] = [];
  let takenBack = 0;
  const connection: Pick<HostConnection, 'presence' | 'act' | 'processes' | 'message'> = {
    presence: async (target) => script.presence(target),
    async act(target, { act }) {
      acts.push(act);
      return script.act(act, target);
    },
    processes: async () => ({
      readAt: Temporal.Instant.fromEpochMilliseconds(0),
      complete: true,
      processes: script.processes ?? [],
      notes: [],
    }),
    async message(_target, message, watcher, signal) {
      messages.push(message);
      watcher.shown('a script');
      const back = new Promise<MessageOutcome>((resolve) => {
        signal.addEventListener('abort', () => {
          if (script.hears === false) return;
          takenBack += 1;
          resolve({ kind: 'closed' });
        });
      });
      return script.message === undefined ? back : Promise.race([script.message(message), back]);
    },
  };
  return {
    acts,
    messages,
    takenBack: () => takenBack,
    use: (work) => turn(() => work(connection as HostConnection, new AbortController().signal)),
    hold: (work) => work(connection as HostConnection),
  };
}
