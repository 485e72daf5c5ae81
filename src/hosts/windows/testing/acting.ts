import { afterEach } from 'vitest';
import type { Host } from '../../../sessions/host.ts';
import { terminateProcess } from '../../../wire/ms-tsts/ica-api/terminate-process.ts';
import { reset } from '../../../wire/ms-tsts/ica-api/reset.ts';
import { disconnect } from '../../../wire/ms-tsts/term-srv-session/disconnect.ts';
import { logoff } from '../../../wire/ms-tsts/term-srv-session/logoff.ts';
import type { ActTarget } from '../../act.ts';
import type { HostConnection } from '../../driver.ts';
import { kept } from '../connection.ts';
import type { OpenPipe } from '../rpc-pipe.ts';
import type { HostFacts } from '../facts.ts';
import { readingOf } from '../sessions.ts';
import { answersOf } from './answers.ts';
import { alice, hostFacts, process, services, system, winlogon } from './facts.ts';
import { type Answer, answer, LoopbackHost } from './host.ts';
import { type Reading, readerOf } from './reading.ts';

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

export const host: Host = {
  name: 'wh1',
  url: { scheme: 'windows', user: null, domain: null, address: '127.0.0.1', port: null },
};

export const bob = { ...alice, id: 3, name: 'RDP-Tcp#4', user: 'bob' };
export const csrss = process({ pid: 880, name: 'csrss.exe', sid: 'S-1-5-18' });
export const excel = process({ pid: 4100, name: 'EXCEL.EXE' });
export const dwm = process({ pid: 910, name: 'dwm.exe', sid: 'S-1-5-90-0-2' });
/** Of bob's session. */
export const stranger = process({ pid: 5000, sessionId: 3 });

/** Alice, with what runs in her session, beside bob. */
export const world: HostFacts = hostFacts({
  sessions: [services, alice, bob],
  processes: [system, csrss, winlogon, dwm, process(), excel, stranger],
});

export interface Acting extends Reading {
  readonly server: LoopbackHost;
  readonly connection: HostConnection;
  /** What was done, as `RpcLogoff 2`, in its order; handles are told by the session that they are of. */
  readonly did: string[];
  /** The pipes that were opened beside those of the connection, by their first interface. */
  readonly opened: string[];
  /** What the host is from now on. */
  readonly become: (facts: HostFacts, ...otherwise: readonly Answer[]) => void;
}

/** A host of these facts that lets everything be done to it and only writes it down. */
export async function actingOn(facts: HostFacts = world, ...otherwise: readonly Answer[]): Promise<Acting> {
  const did: string[] = [];
  const done = (what: string): { returnValue: number } => {
    did.push(what);
    return { returnValue: 0 };
  };
  const acts: readonly Answer[] = [
    answer(disconnect, ({ hSession }) => done(`RpcDisconnect ${hSession.attributes}`)),
    answer(logoff, ({ hSession }) => ({ ...done(`RpcLogoff ${hSession.attributes}`), returnValue: 0x10000000 })),
    answer(reset, ({ logonId }) => ({ ...done(`RpcWinStationReset ${logonId}`), pResult: 0, returnValue: true })),
    answer(terminateProcess, ({ processId }) => ({ ...done(`kill ${processId}`), pResult: 0, returnValue: true })),
  ];
  const server = await LoopbackHost.start({ answers: [...answersOf(facts), ...acts, ...otherwise] });
  open.push(server);
  const reading = await readerOf(server);
  open.push(reading.smb);
  const { timers, ...connected } = reading;
  const opened: string[] = [];
  const opening: OpenPipe = (...interfaces) => {
    opened.push(interfaces[0].name);
    return reading.open(...interfaces);
  };
  return {
    ...reading,
    server,
    did,
    opened,
    connection: kept({ host, ...connected, open: opening, after: timers.after }),
    become(now, ...more) {
      server.answers = [...answersOf(now), ...acts, ...otherwise, ...more];
    },
  };
}

/** The session of this id in the facts, as an act means it. */
export function targetIn(facts: HostFacts, id: number, changes: Partial<ActTarget> = {}): ActTarget {
  const session = readingOf(host.name, facts, null).sessions.find((one) => one.id === id);
  if (session === undefined) throw new Error(`session ${id} is not there`);
  return { identity: session.identity, id, reason: null, traces: [], ...changes };
}
