import { whyReasonGone } from '../../sessions/allowed-actions.ts';
import { UsherError } from '../../sessions/errors.ts';
import { sessionStates } from '../../sessions/state.ts';
import { connect } from '../../wire/ms-tsts/term-srv-session/connect.ts';
import { disconnect } from '../../wire/ms-tsts/term-srv-session/disconnect.ts';
import { getTerminalName } from '../../wire/ms-tsts/term-srv-session/get-terminal-name.ts';
import { logoff } from '../../wire/ms-tsts/term-srv-session/logoff.ts';
import { reset } from '../../wire/ms-tsts/ica-api/reset.ts';
import { winStationStateClass } from '../../wire/ms-tsts/winstation-state-class.ts';
import type { ActReport, ActTarget, HostAct } from '../act.ts';
import { readInformation, readLastInput } from './details.ts';
import type { ProcessFacts } from './facts.ts';
import { momentOf } from './filetime.ts';
import { called, terminate, terminateAll, type Killing } from './kill.ts';
import { isCritical, winlogonOf } from './processes.ts';
import { readProcesses } from './read-processes.ts';
import type { HostPipes } from './host-pipes.ts';
import type { HostReader } from './reader.ts';
import { type Lack, needs, notAllowed, nothingDone, orRefused, refusedByCode } from './refusals.ts';
import { failureOfHresult, failureOfIcaApi } from './results.ts';
import { isOtherBoot, isWindows, type Likeness, likenessOf, type WindowsIdentity } from './same-session.ts';
import { lookAt, onHandle, type SeenOnHandle, type SessionHandle } from './session-handle.ts';
import { lastInputOf } from './sessions.ts';
import { isTraced } from './traces.ts';

/** Where acts are done: a host's kept connection. */
export interface ActingHost {
  readonly pipes: HostPipes;
  readonly reader: HostReader;
}

/** The ids of sessions are 16 bits, listeners lie above them ([MS-TSTS] 2.2.2.16). */
const firstListener = 65_536;
const [servicesSession, noWait] = [0, false];

/** Compares and acts. What is done on a handle is done to the session that was compared; what takes a bare id is one round trip later. */
export async function actOn(host: ActingHost, target: ActTarget, act: HostAct): Promise<ActReport> {
  const identity = await checked(host, target);
  switch (act.act) {
    case 'disconnect':
    case 'logoff':
      return await onSession(host, target, identity, act.act);
    case 'connect':
      return await connectTo(host, { target, identity }, act.to);
    case 'reset':
      return await resetSession(host, target, identity);
    case 'kill-logon':
    case 'kill-all':
      return await killAll(host, target, identity, act.act);
    case 'kill-process':
      return await killProcess(host, target, identity, act);
  }
}

/**
 * The identity of a target that may be acted on at all. Throws `not_allowed` for what is nobody's session, `session_changed` where the
 * host was restarted since.
 */
export async function checked({ reader }: ActingHost, { identity, id }: ActTarget): Promise<WindowsIdentity> {
  if (!isWindows(identity)) throw nothingDone('this is no session of a Windows host');
  if (id === servicesSession || identity.sessionId === servicesSession) {
    throw notAllowed('these are the services of the host, and nobody’s session');
  }
  if (id >= firstListener || identity.sessionId >= firstListener) throw notAllowed('a listener is no session');
  if (identity.sessionId !== id) throw nothingDone(`this is session ${identity.sessionId}, not ${id}`);
  if (identity.boot !== '0' && reader.boot === null) await reader.read();
  if (isOtherBoot(identity, reader.boot)) throw nothingDone('the host was restarted since');
  return identity;
}

/** What is needed to compare beside the session itself. */
export interface Compared {
  readonly seen: SeenOnHandle;
  readonly likeness: Likeness;
  /** Null where they are hidden, or were not needed. */
  readonly processes: readonly ProcessFacts[] | null;
}

/** Looks at a session that is held open, at its processes where they are needed, and at its last input where the target names one. */
async function look(
  host: ActingHost,
  { id, traces, reason }: ActTarget,
  identity: WindowsIdentity,
  session: SessionHandle,
  withProcesses: boolean,
): Promise<Compared> {
  const isProcessNeeded = withProcesses || identity.kind === 'windows-winlogon';
  const [seen, processes, lastInput] = await Promise.all([
    lookAt(session),
    isProcessNeeded ? processesOf(host) : null,
    reason?.lastInputAt === null || reason === null ? null : lastInputAt(host, id),
  ]);
  if (seen.state === winStationStateClass.listen) throw notAllowed('a listener is no session');
  const likeness = likenessOf(identity, seen, { now: host.reader.now, processes, traces });
  if (reason !== null && likeness.kind === 'same') {
    if (reason.lastInputAt !== null && lastInput === null) {
      throw notAllowed('whether its user came back cannot be seen');
    }
    const gone = whyReasonGone(reason, { state: sessionStates[seen.state] ?? null, lastInputAt: lastInput });
    if (gone !== null) throw nothingDone(gone);
  }
  return { seen, likeness, processes };
}

/** Looks, and lets nothing pass but the session itself. Throws `session_changed`, or `not_allowed` where it cannot be told. */
export async function lookForSame(
  host: ActingHost,
  target: ActTarget,
  identity: WindowsIdentity,
  session: SessionHandle,
  withProcesses = false,
): Promise<Compared> {
  const compared = await look(host, target, identity, session, withProcesses);
  if (compared.likeness.kind !== 'same') throw unlike(compared.likeness);
  return compared;
}

/** The same, but what is left of a session that nobody is logged on to any more passes too. */
async function lookForRest(
  host: ActingHost,
  target: ActTarget,
  identity: WindowsIdentity,
  session: SessionHandle,
): Promise<Compared> {
  const compared = await look(host, target, identity, session, true);
  const { likeness } = compared;
  if (likeness.kind === 'other' || likeness.kind === 'unknown') throw unlike(likeness);
  if (likeness.kind === 'remnant' && target.reason !== null) throw nothingDone(likeness.why);
  return compared;
}

const unlike = ({ kind, why }: Exclude<Likeness, { kind: 'same' }>): UsherError =>
  kind === 'unknown' ? notAllowed(why) : nothingDone(why);

/** Null where the host hides them, or has no service that tells. */
async function processesOf({ pipes: { ica }, reader }: ActingHost): Promise<readonly ProcessFacts[] | null> {
  if (ica instanceof UsherError) return null;
  try {
    return await readProcesses(ica, await reader.openServer());
  } catch (error) {
    if (error instanceof UsherError && ica.lost === null && isHidden(error)) return null;
    throw error;
  }
}

const isHidden = ({ code }: UsherError): boolean => code === 'access_denied' || code === 'unsupported';

/** The last input as a reading has it; null where neither source tells. */
async function lastInputAt({ pipes: { lsm, rcm }, reader }: ActingHost, id: number): Promise<Temporal.Instant | null> {
  const orNull = async <T>(reading: Promise<T>): Promise<T | null> => {
    try {
      return await reading;
    } catch (error) {
      if (error instanceof UsherError && lsm.lost === null) return null;
      throw error;
    }
  };
  const [lastInputTime, information] = await Promise.all([
    rcm instanceof UsherError ? null : orNull(readLastInput(rcm, id)),
    orNull(readInformation(lsm, id)),
  ]);
  const { now } = reader;
  return momentOf(lastInputOf({ lastInputTime, times: information?.times ?? null }, now), now);
}

async function onSession(
  host: ActingHost,
  target: ActTarget,
  identity: WindowsIdentity,
  act: 'disconnect' | 'logoff',
): Promise<ActReport> {
  const { id } = target;
  const operation = act === 'logoff' ? `logging off session ${id}` : `disconnecting session ${id}`;
  return await onHandle(host.pipes.lsm, id, operation, async (session) => {
    const [{ seen }, isConsole] = await Promise.all([
      lookForSame(host, target, identity, session),
      act === 'logoff' && identity.kind === 'windows-winlogon' ? isAtConsole(session) : false,
    ]);
    if (isConsole) throw notAllowed('nobody is logged on to the console, which always has a session');
    const call = act === 'logoff' ? logoff : disconnect;
    const lack = act === 'logoff' ? needs.logoff(id) : needs.disconnect(id);
    await done(lack, operation, () => session.lsm.call(call, { hSession: session.handle }, { operation }));
    return { did: [`${call.name}: session ${id}${seen.user === '' ? '' : ` of ${seen.user}`}`] };
  });
}

async function isAtConsole({ lsm, handle, operation }: SessionHandle): Promise<boolean> {
  const { pszTerminalName, returnValue } = await lsm.call(getTerminalName, { hSession: handle }, { operation });
  const failure = failureOfHresult(returnValue, operation);
  if (failure !== null) throw failure;
  return /^console$/i.test(pszTerminalName ?? '');
}

/** As tscon does: the session of the handle is shown by the client of the other one from now on. */
async function connectTo(
  host: ActingHost,
  { target, identity }: { readonly target: ActTarget; readonly identity: WindowsIdentity },
  to: ActTarget,
): Promise<ActReport> {
  const other = await checked(host, to);
  if (to.id === target.id) throw notAllowed('a session cannot be connected to itself');
  const { lsm } = host.pipes;
  const operation = `connecting session ${target.id} to the client of session ${to.id}`;
  return await onHandle(lsm, target.id, operation, (session) =>
    onHandle(lsm, to.id, operation, async (shown) => {
      await Promise.all([lookForSame(host, target, identity, session), lookForSame(host, to, other, shown)]);
      const request = { hSession: session.handle, targetSessionId: to.id, szPassword: '' };
      await done(needs.connect(target.id, to.id), operation, () => lsm.call(connect, request, { operation }));
      return { did: [`${connect.name}: session ${target.id} is shown by the client of session ${to.id}`] };
    }),
  );
}

/** RpcWinStationReset takes a bare id: it follows at once on what was compared. */
async function resetSession(host: ActingHost, target: ActTarget, identity: WindowsIdentity): Promise<ActReport> {
  const { id } = target;
  const operation = `resetting session ${id}`;
  const { ica, server } = await killingOn(host);
  return await onHandle(host.pipes.lsm, id, operation, async (session) => {
    const { seen } = await lookForRest(host, target, identity, session);
    const request = { hServer: server, logonId: id, bWait: noWait };
    const answer = await orRefused(needs.reset(id), () => ica.call(reset, request, { operation }));
    const failure = failureOfIcaApi(answer, operation);
    if (failure !== null) throw refusedByCode(failure, needs.reset(id));
    return { did: [`${reset.name}: session ${id}${seen.user === '' ? '' : ` of ${seen.user}`}`] };
  });
}

async function killingOn({ pipes: { ica }, reader }: ActingHost): Promise<Killing> {
  if (ica instanceof UsherError) throw ica;
  return { ica, server: await reader.openServer() };
}

/** Of a session that the host has no more, what was seen running in it. */
async function killAll(
  host: ActingHost,
  target: ActTarget,
  identity: WindowsIdentity,
  act: 'kill-logon' | 'kill-all',
): Promise<ActReport> {
  const { id } = target;
  const killing = await killingOn(host);
  const operation = `ending the processes of session ${id}`;
  try {
    return await onHandle(host.pipes.lsm, id, operation, async (session) => {
      const { processes } = await lookForRest(host, target, identity, session);
      if (processes === null) throw notAllowed('this account may not see the processes of the host');
      const own = processes.filter((process) => process.sessionId === id);
      const winlogon = winlogonOf(own);
      const meant = act === 'kill-all' ? own : winlogon === null ? [] : [winlogon];
      return { did: await terminateAll(killing, meant) };
    });
  } catch (error) {
    const isNotThere = error instanceof UsherError && error.code === 'session_changed' && host.pipes.lsm.lost === null;
    if (act === 'kill-logon' || !isNotThere || target.reason !== null) throw error;
    const left = await leftOf(host, target);
    if (left.length === 0) throw error;
    return { did: await terminateAll(killing, left) };
  }
}

/** What was seen running in a session whose number no session has any more: none of it can be another one's. */
async function leftOf(host: ActingHost, { id, traces }: ActTarget): Promise<readonly ProcessFacts[]> {
  const { sessions, processes } = await host.reader.read();
  if (sessions.some((session) => session.id === id && session.user !== '')) return [];
  return (processes ?? []).filter((process) => process.sessionId === id && isTraced(traces, process));
}

async function killProcess(
  host: ActingHost,
  target: ActTarget,
  identity: WindowsIdentity,
  { pid, start }: Extract<HostAct, { act: 'kill-process' }>,
): Promise<ActReport> {
  const { id } = target;
  const killing = await killingOn(host);
  return await onHandle(host.pipes.lsm, id, `ending process ${pid} of session ${id}`, async (session) => {
    const { processes } = await lookForSame(host, target, identity, session, true);
    if (processes === null) throw notAllowed('this account may not see the processes of the host');
    const process = processes.find((one) => one.pid === pid);
    if (process === undefined) throw nothingDone(`process ${pid} has ended already`);
    if (String(process.createTime) !== start) throw nothingDone(`process ${pid} is another one by now`);
    if (process.sessionId !== id) throw notAllowed(`process ${pid} is not of session ${id}`);
    if (isCritical(process))
      throw notAllowed(`${called(process)} would take the host down with it and is never killed`);
    const fate = await terminate(killing, process);
    if (fate.kind === 'refused') throw fate.why;
    if (fate.kind === 'gone') throw nothingDone(`${called(process)} cannot be found any more`, fate.why);
    return { did: [`${called(process)} terminated`] };
  });
}

/** Throws what the host refused, with what the account lacked. */
async function done(
  lack: Lack,
  operation: string,
  act: () => Promise<{ readonly returnValue: number }>,
): Promise<void> {
  const { returnValue } = await orRefused(lack, act);
  const failure = failureOfHresult(returnValue, operation);
  if (failure !== null) throw refusedByCode(failure, lack);
}
