import type { Behaviour } from '../../../src/simulator/behaviours/behaviour.ts';
import { parseBehaviour } from '../../../src/simulator/behaviours/behaviours.ts';
import { theHost, user } from '../../../src/simulator/world/actor.ts';
import { disconnect } from '../../../src/simulator/world/acts/disconnect.ts';
import { endSession } from '../../../src/simulator/world/acts/end-session.ts';
import { input } from '../../../src/simulator/world/acts/lock.ts';
import { logOn } from '../../../src/simulator/world/acts/log-on.ts';
import { endProcess } from '../../../src/simulator/world/acts/terminate.ts';
import { goDown } from '../../../src/simulator/world/power.ts';
import type { SimulatedSession } from '../../../src/simulator/world/session.ts';
import type { Event, Happening, Person } from './scenario.ts';
import { accounts, clientOf, programs, type Stage } from './stage.ts';

/** Input of users, which no ledger has: a FILETIME of the simulated clock, and the session's serial. */
export interface Input {
  readonly at: bigint;
  readonly serial: number;
}

/** Sees to it that everything happens at its time from now on. Returns the inputs, which grow. */
export function arrange(stage: Stage, events: readonly Event[]): readonly Input[] {
  const { host, clock } = stage;
  const inputs: Input[] = [];
  const happen = (event: Happening): void => {
    if (host.power === 'up' || event.what === 'usher is called off') happens(stage, event, inputs);
  };
  for (const event of events) {
    if ('at' in event.when) clock.after(event.when.at, () => happen(event));
  }
  let calls = 0;
  const counting: Behaviour = {
    name: 'scenario',
    call() {
      calls += 1;
      for (const event of events) if ('call' in event.when && event.when.call === calls) happen(event);
      return null;
    },
    happened({ what, session, by, at }) {
      if (session === null) return;
      const isClick = what.kind === 'message-ended' && what.end.startsWith('answered');
      const isReturn = what.kind === 'connected' && by.kind === 'user';
      if (isClick || isReturn) inputs.push({ at, serial: session.serial });
    },
  };
  host.behaviours = [counting, ...host.behaviours];
  return inputs;
}

function happens(stage: Stage, event: Happening, inputs: Input[]): void {
  const { host } = stage;
  switch (event.what) {
    case 'host crashes':
      return goDown(host, 'crash', theHost, host.pace.boot);
    case 'connections are cut':
      return stage.network.cut();
    case 'usher is called off':
      return stage.callOff.abort();
    case 'behaves': {
      const { who, like } = event;
      const session = who === null ? null : sessionOf(stage, who);
      if (who === null) host.behaviours = [...host.behaviours, parseBehaviour(like, 'host')];
      else if (session !== null) session.behaviours = [parseBehaviour(like, 'session'), ...session.behaviours];
      return;
    }
    default: {
      const session = sessionOf(stage, event.who);
      if (session !== null) happensTo(stage, session, event, inputs);
    }
  }
}

type OfSomebody = Exclude<
  Happening,
  { readonly what: `host${string}` | 'connections are cut' | 'usher is called off' | 'behaves' }
>;

function happensTo(
  { host, clock }: Stage,
  session: SimulatedSession,
  { what, who }: OfSomebody,
  inputs: Input[],
): void {
  const by = user(session.account);
  switch (what) {
    case 'input':
      if (session.state !== 'active') return;
      inputs.push({ at: clock.now(), serial: session.serial });
      return input(host, session);
    case 'leaves':
      disconnect(host, session, by);
      return;
    case 'comes back':
      if (session.state === 'disconnected') logOn(host, { account: accounts[who], client: clientOf(`${who}-home`) });
      return;
    case 'logs off':
      return endSession(host, session, 'logoff', by);
    case 'logs on anew':
      endSession(host, session, 'logoff', by);
      host.numbering.reuseSessionId(session.id);
      logOn(host, { account: accounts[who], client: clientOf(who), programs });
      return;
    case 'is replaced':
      endSession(host, session, 'logoff', by);
      host.numbering.reuseSessionId(session.id);
      logOn(host, { account: accounts.dave, client: clientOf('dave') });
      return;
    case 'closes a program': {
      const program = host.processesOf(session.id).find(({ image }) => image === 'WINWORD.EXE');
      if (program !== undefined) endProcess(host, program, by);
    }
  }
}

/** The session that somebody has now; null where he has none. */
function sessionOf({ host }: Stage, who: Person): SimulatedSession | null {
  return host.allSessions().find(({ account }) => account === accounts[who]) ?? null;
}
