import { describe, expect, test, vi } from 'vitest';
import { getAllProcessesNt6 } from '../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { openServer } from '../../wire/ms-tsts/ica-api/open-server.ts';
import { queryInformation } from '../../wire/ms-tsts/ica-api/query-information.ts';
import { getAllListeners } from '../../wire/ms-tsts/rcm-public/get-all-listeners.ts';
import { getClientData } from '../../wire/ms-tsts/rcm-public/get-client-data.ts';
import { getLastInputTime } from '../../wire/ms-tsts/rcm-public/get-last-input-time.ts';
import { getRemoteAddress } from '../../wire/ms-tsts/rcm-public/get-remote-address.ts';
import { getAllSessionsEx } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions-ex.ts';
import { getSessionInformationEx } from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import { getUserName } from '../../wire/ms-tsts/term-srv-session/get-user-name.ts';
import { decodeRequest, type RpcCall } from '../../wire/ndr/call.ts';
import type { HostFacts, SessionFacts } from './facts.ts';
import { answersOf, password } from './testing/answers.ts';
import { ago, alice, hostFacts, process, services } from './testing/facts.ts';
import { type Answer, answer, fault } from './testing/host.ts';
import { patience } from './testing/reading.ts';
import { usual, type Started, start, usually, hostOf, refuse, without, silence, hang } from './testing/started.ts';

/** Does not answer about alice's session. */
function hangForAlice<Q extends { sessionId: number } | { logonId: number }>(call: RpcCall<Q, object>): Answer {
  const usually = answersOf(usual).find(({ name }) => name === call.name);
  if (usually === undefined) throw new Error(`${call.name} is not answered usually`);
  const idOf = (request: Q): number => ('sessionId' in request ? request.sessionId : request.logonId);
  return {
    ...usually,
    respond: (stub) => (idOf(decodeRequest(call, stub)) === alice.id ? silence : usually.respond(stub)),
  };
}

const old = without(getAllSessionsEx);

function sessionOf({ sessions }: HostFacts, wanted: number): SessionFacts | undefined {
  return sessions.find(({ id }) => id === wanted);
}

/** A reading that waits for a call in vain, and for nothing else. */
async function readImpatiently({ reader, timers, host }: Started, asked: string): Promise<HostFacts> {
  const before = host.calls.length;
  const reading = reader.read();
  await vi.waitFor(() => {
    expect(host.calls.slice(before)).toContain(asked);
    expect(timers.pending).toBe(1);
  });
  // The first time others were answered meanwhile: what is owed may only wait for its turn.
  timers.pass(patience);
  expect(timers.pending).toBe(1);
  timers.pass(patience);
  return reading;
}

test('what a host tells is read whole', async () => {
  const { reader } = await usually();
  expect(await reader.read()).toEqual(usual);
});

test('what an older host tells is read whole, too', async () => {
  const { reader } = await usually(old, without(getAllProcessesNt6));
  expect(await reader.read()).toMatchObject({ sessions: usual.sessions, processes: null });
});

describe('waits', () => {
  const waitsOf = async ({ smb, reader }: Started): Promise<number> => {
    const before = smb.waits;
    await reader.read();
    return smb.waits - before;
  };

  test('of a host are two, cold and warm', async () => {
    const started = await usually();
    expect([await waitsOf(started), await waitsOf(started)]).toEqual([2, 2]);
  });

  test('of an older host are three, and two where nothing has changed', async () => {
    const started = await usually(old);
    expect([await waitsOf(started), await waitsOf(started)]).toEqual([3, 2]);
  });

  test('are one more where a session is found that enumeration leaves out, and then no more', async () => {
    const started = await hostOf(usual, leavingOut(2));
    expect([await waitsOf(started), await waitsOf(started)]).toEqual([3, 2]);
  });

  test('do not grow with the sessions while SMB has credits for them', async () => {
    const sessions = [services, ...Array.from({ length: 30 }, (_, at) => ({ ...alice, id: at + 2 }))];
    expect(await waitsOf(await hostOf({ ...usual, sessions }))).toBe(2);
  });

  test('are no more for processes of a session that is none, after the first time', async () => {
    const stray = process({ pid: 77, sessionId: 9 });
    const started = await hostOf({ ...usual, processes: [...(usual.processes ?? []), stray] });
    expect([await waitsOf(started), await waitsOf(started)]).toEqual([3, 2]);
  });
});

test('more sessions are read than calls may wait for an answer', async () => {
  const sessions = Array.from({ length: 300 }, (_, at) => ({ ...alice, id: at + 2, user: `user${at}` }));
  const { reader } = await hostOf({ ...usual, sessions });
  expect((await reader.read()).sessions).toEqual(sessions);
});

describe('a host without RpcGetAllSessionsEx', () => {
  test('is asked for it once', async () => {
    const { reader, host } = await usually(old);
    await reader.read();
    await reader.read();
    expect(host.calls.filter((call) => call === 'RpcGetAllSessionsEx')).toHaveLength(1);
    expect(host.calls.filter((call) => call === 'RpcGetEnumResult')).toHaveLength(2);
  });

  test('closes every enumeration', async () => {
    const { reader, host } = await usually(old);
    await reader.read();
    await reader.read();
    const count = (name: string): number => host.calls.filter((call) => call === name).length;
    await vi.waitFor(() => expect(count('RpcCloseEnum')).toBe(count('RpcOpenEnum')));
  });

  test.each([
    ['a user', { user: 'u'.repeat(40) }],
    ['a user that has just fitted', { user: 'u'.repeat(20) }],
    ['a domain', { domain: 'd'.repeat(40) }],
  ])('is asked again for %s that may be cut, once a logon', async (_, names) => {
    const named = { ...alice, ...names };
    const { reader, host } = await hostOf({ ...usual, sessions: [named] }, old);
    expect((await reader.read()).sessions).toEqual([named]);
    expect((await reader.read()).sessions).toEqual([named]);
    expect(host.calls.filter((call) => /OpenSession|GetUserName|CloseSession/.test(call))).toHaveLength(3);
  });

  test('tells the cut name where it refuses the whole one, and a note', async () => {
    const sessions = [{ ...alice, user: 'u'.repeat(40) }];
    const { reader } = await hostOf({ ...usual, sessions }, old, refuse(getUserName));
    expect(await reader.read()).toMatchObject({
      sessions: [{ user: 'u'.repeat(20) }],
      gaps: [{ code: 'user-hidden', columns: ['user', 'domain'] }],
    });
  });
});

test('a host that refuses RpcGetAllSessionsEx is asked in the older way', async () => {
  const { reader } = await usually(refuse(getAllSessionsEx));
  expect(await reader.read()).toEqual(usual);
});

test('an enumeration that is empty is a list of nothing', async () => {
  const { reader } = await hostOf({ ...usual, sessions: [], processes: [] });
  expect(await reader.read()).toMatchObject({ sessions: [], gaps: [] });
});

/** RpcGetAllSessionsEx without one of the sessions. */
function leavingOut(left: number): Answer {
  const [all] = answersOf({ ...usual, sessions: usual.sessions.filter(({ id }) => id !== left) });
  if (all === undefined) throw new Error('no answers');
  return all;
}

describe('a session that enumeration leaves out', () => {
  test('is found by its processes', async () => {
    const { reader } = await hostOf(usual, leavingOut(2));
    const facts = await reader.read();
    expect(sessionOf(facts, 2)).toEqual(alice);
    expect(facts.sessions).toHaveLength(4);
  });

  test('is listed though the host does not answer for its state', async () => {
    const started = await hostOf(usual, leavingOut(2), hangForAlice(getSessionInformationEx));
    const facts = await readImpatiently(started, 'RpcWinStationGetAllProcesses_NT6');
    expect(sessionOf(facts, 2)).toMatchObject({ state: -1, user: '', silent: ['its state'] });
  });

  test('is listed though this user may know nothing of it', async () => {
    const { reader } = await hostOf(usual, leavingOut(2), refuse(getSessionInformationEx));
    const facts = await reader.read();
    expect(sessionOf(facts, 2)).toMatchObject({ state: -1, user: '', times: null, silent: [] });
    expect(facts.gaps).toMatchObject([{ code: 'state-hidden' }]);
  });

  test('is none where the host knows of none', async () => {
    const stray = process({ pid: 77, sessionId: 9 });
    const { reader } = await hostOf({ ...usual, processes: [...(usual.processes ?? []), stray] });
    expect(sessionOf(await reader.read(), 9)).toBeUndefined();
  });
});

describe('a call that is not answered in time', () => {
  test.each<[string, Answer, string, Partial<SessionFacts>]>([
    ['its state', hangForAlice(getSessionInformationEx), 'RpcGetSessionInformationEx', { times: null, locked: null }],
    ['its last input', hangForAlice(getLastInputTime), 'RpcGetLastInputTime', { lastInputTime: null }],
    ['its client', hangForAlice(getClientData), 'RpcGetClientData', { client: null }],
    ['its address', hangForAlice(getRemoteAddress), 'RpcGetRemoteAddress', { address: null }],
    ['its traffic', hangForAlice(queryInformation), 'RpcWinStationQueryInformation', { traffic: null }],
  ])('costs %s, and says so', async (what, hanging, name, cost) => {
    const started = await usually(hanging);
    expect(sessionOf(await readImpatiently(started, name), 2)).toEqual({ ...alice, ...cost, silent: [what] });
  });

  test.each<[string, Answer, string, Partial<HostFacts>]>([
    ['listeners-hidden', hang(getAllListeners), 'RpcGetAllListeners', { listeners: [] }],
    ['no-winstation-service', hang(openServer), 'RpcWinStationOpenServer', { processes: null }],
    ['processes-hidden', hang(getAllProcessesNt6), 'RpcWinStationGetAllProcesses_NT6', { processes: null }],
  ])('costs what is not of one session, with the note %s', async (code, hanging, name, cost) => {
    const started = await usually(hanging);
    const facts = await readImpatiently(started, name);
    expect(facts).toMatchObject({ ...cost, gaps: [{ code, error: { code: 'timeout' } }] });
    expect(facts.sessions).toHaveLength(4);
  });

  test('is not made again until it is answered', async () => {
    const late = Promise.withResolvers<{ pLastInputTime: bigint; returnValue: number }>();
    const hanging = answer(getLastInputTime, ({ sessionId }) =>
      sessionId === 2 ? late.promise : { pLastInputTime: ago(5), returnValue: 0 },
    );
    const started = await usually(hanging);
    const { host, reader } = started;
    const asked = (): number => host.calls.filter((call) => call === 'RpcGetLastInputTime').length;
    await readImpatiently(started, 'RpcGetLastInputTime');
    expect(asked()).toBe(3);
    expect(sessionOf(await reader.read(), 2)).toMatchObject({ lastInputTime: null, silent: ['its last input'] });
    expect(asked()).toBe(5);
    late.resolve({ pLastInputTime: ago(9), returnValue: 0 });
    await vi.waitFor(async () => {
      expect(sessionOf(await reader.read(), 2)).toMatchObject({ lastInputTime: ago(9), silent: [] });
    });
  });

  test('leaves no timer behind when it is answered', async () => {
    const { reader, timers } = await usually();
    await reader.read();
    expect(timers.pending).toBe(0);
  });
});

test('where nobody compares traffic two sessions are asked for it all the same: it alone tells the host’s clock', async () => {
  const many = [2, 3, 4, 5].map((id) => ({ ...alice, id }));
  const facts = hostFacts({ sessions: many });
  const { reader, host } = await start({ answers: answersOf(facts) });
  const { now: told } = await reader.read({ rates: false });
  expect(host.calls.filter((call) => call === 'RpcWinStationQueryInformation')).toHaveLength(2);
  expect(told).toBe(facts.now);
});

test('a user to whom they are refused is told the clock by a session that is not', async () => {
  const many = [2, 3, 4, 5].map((id) => ({ ...alice, id }));
  const facts = hostFacts({ now: ago(-40), sessions: many });
  const usually = answersOf(facts);
  const traffic = usually.find(({ name }) => name === 'RpcWinStationQueryInformation');
  const denied = refuse(queryInformation);
  const own = {
    ...denied,
    respond: (stub: Uint8Array) =>
      (decodeRequest(queryInformation, stub).logonId === 5 ? traffic : denied)?.respond(stub) ?? new Uint8Array(),
  };
  const { reader } = await start({ answers: [...usually, own] });
  const { now: told, gaps } = await reader.read({ rates: false });
  expect([told, gaps.map(({ code }) => code)]).toEqual([facts.now, ['traffic-hidden']]);
});

describe('what the host refuses', () => {
  test.each<[string, Answer, readonly string[]]>([
    [
      'state-hidden',
      refuse(getSessionInformationEx),
      ['loggedOnAt', 'connectedAt', 'disconnectedAt', 'lastInputAt', 'idleFor', 'locked'],
    ],
    ['last-input-hidden', refuse(getLastInputTime), ['lastInputAt', 'idleFor']],
    ['client-hidden', refuse(getClientData), ['client', 'protocol']],
    ['address-hidden', refuse(getRemoteAddress), ['client']],
    ['traffic-hidden', refuse(queryInformation), ['bytesInPerSecond', 'bytesOutPerSecond']],
    ['processes-hidden', refuse(getAllProcessesNt6), ['memoryBytes', 'cpuPercent', 'processCount']],
    ['listeners-hidden', refuse(getAllListeners), []],
  ])('costs columns, with one note %s', async (code, refusing, columns) => {
    const { reader } = await usually(refusing);
    const { sessions, gaps } = await reader.read();
    expect(gaps).toMatchObject([{ code, columns, error: { code: 'access_denied' } }]);
    expect(sessions.map(({ id, silent }) => [id, silent])).toEqual(usual.sessions.map(({ id }) => [id, []]));
  });

  test.each<[string, Answer]>([
    ['last-input-hidden', answer(getLastInputTime, () => ({ pLastInputTime: 0n, returnValue: 0x80070005 | 0 }))],
    [
      'processes-hidden',
      answer(getAllProcessesNt6, () => ({ pResult: 0xc0000022, ppTsAllProcessesInfo: null, returnValue: false })),
    ],
  ])('by the result of a call and not by a fault is the same note %s', async (code, refusing) => {
    const { reader } = await usually(refusing);
    expect((await reader.read()).gaps).toMatchObject([{ code, error: { code: 'access_denied' } }]);
  });

  test('of the client and address of the console is no note: it has none', async () => {
    const none = answer(getClientData, () => fault('ERROR_CTX_WINSTATION_NOT_FOUND'));
    const { reader } = await usually(none);
    expect((await reader.read()).gaps).toEqual([]);
  });

  test('of whose a process is, is null', async () => {
    const processes = usual.processes?.map((one) => ({ ...one, sid: null })) ?? null;
    const { reader } = await hostOf({ ...usual, processes });
    expect((await reader.read()).processes).toEqual(processes);
  });
});

describe('a pipe that is not there', () => {
  test('costs the columns of Remote Desktop where that is switched off', async () => {
    const { reader } = await start({ answers: answersOf(usual), missing: ['TermSrv_API_service'] });
    const facts = await reader.read();
    const message = expect.stringContaining('Remote Desktop is switched off') as unknown;
    expect(facts.gaps).toMatchObject([{ code: 'rdp-off', error: { code: 'unsupported', message } }]);
    expect(sessionOf(facts, 2)).toEqual({ ...alice, lastInputTime: null, client: null, address: null });
  });

  test('costs processes and traffic where it is the WinStation service', async () => {
    const { reader } = await start({ answers: answersOf(usual), missing: ['Ctx_WinStation_API_service'] });
    const facts = await reader.read();
    expect(facts).toMatchObject({ processes: null, gaps: [{ code: 'no-winstation-service' }] });
    expect(sessionOf(facts, 2)).toEqual({ ...alice, traffic: null });
  });

  test('ends the reading where it is the session manager', async () => {
    await expect(start({ answers: answersOf(usual), missing: ['LSM_API_service'] })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});

test('a pipe that breaks later costs its columns, too', async () => {
  const { host, smb, reader } = await usually();
  await reader.read();
  host.broken = ['TermSrv_API_service'];
  const facts = await reader.read();
  expect(facts.gaps.map(({ code, error }) => `${code} ${error.code}`)).toEqual([
    'listeners-hidden connection_lost',
    'last-input-hidden connection_lost',
    'client-hidden connection_lost',
    'address-hidden connection_lost',
  ]);
  expect(sessionOf(facts, 2)).toEqual({ ...alice, lastInputTime: null, client: null, address: null });
  expect(smb.lost).toBeNull();
});

test("the session manager's pipe that breaks ends the reading", async () => {
  const { host, reader } = await usually();
  host.broken = ['LSM_API_service'];
  await expect(reader.read()).rejects.toMatchObject({ code: 'connection_lost' });
});

test('a connection that breaks ends the reading', async () => {
  const hanging = await usually(hang(getAllSessionsEx));
  const reading = hanging.reader.read();
  await vi.waitFor(() => expect(hanging.host.calls).toContain('RpcGetAllSessionsEx'));
  hanging.host.hangUp();
  await expect(reading).rejects.toMatchObject({ code: 'connection_lost' });
  await expect(hanging.reader.read()).rejects.toMatchObject({ code: 'connection_lost' });
});

describe("the host's clock", () => {
  test('is what it tells with the traffic', async () => {
    const { reader } = await hostOf({ ...usual, now: ago(100) });
    expect((await reader.read()).now).toBe(ago(100));
  });

  test('is the one of the connection where it tells zero', async () => {
    const { reader } = await hostOf({ ...usual, now: 0n });
    expect((await reader.read()).now).toBe(usual.now);
  });
});

test('the boot is what a reading before told, where processes are hidden', async () => {
  const { reader, host } = await usually();
  await reader.read();
  host.answers = [...answersOf(usual), refuse(getAllProcessesNt6)];
  expect(await reader.read()).toMatchObject({ boot: usual.boot, processes: null });
});

test("a client's password goes no further", async () => {
  const { reader } = await usually();
  const text = JSON.stringify(await reader.read(), (_, value: unknown) => (typeof value === 'bigint' ? '' : value));
  expect(text).toContain('PC-ALICE');
  expect(text).not.toContain(password);
});

test('client data that is cut costs the client', async () => {
  const cut = answer(getClientData, () => ({ ppBuff: new Uint8Array(100), returnValue: 0 }));
  const { reader } = await usually(cut);
  expect(sessionOf(await reader.read(), 2)).toEqual({ ...alice, client: null });
});
