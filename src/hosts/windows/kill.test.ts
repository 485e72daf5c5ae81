import { describe, expect, test } from 'vitest';
import { ntStatus } from '../../wire/ms-erref/ntstatus.ts';
import { getAllProcessesNt6 } from '../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { getProcessSid } from '../../wire/ms-tsts/ica-api/get-process-sid.ts';
import { reset } from '../../wire/ms-tsts/ica-api/reset.ts';
import { terminateProcess } from '../../wire/ms-tsts/ica-api/terminate-process.ts';
import type { HostAct } from '../act.ts';
import type { HostFacts } from './facts.ts';
import { turnsOf } from './kill.ts';
import { answersOf } from './testing/answers.ts';
import { actingOn, bob, csrss, dwm, excel, stranger, targetIn, world } from './testing/acting.ts';
import { ago, alice, process, services, system, winlogon } from './testing/facts.ts';
import { type Answer, answer } from './testing/host.ts';
import { never } from './testing/reading.ts';
import { refuse, without } from './testing/started.ts';
import { tracesOf } from './traces.ts';

const target = targetIn(world, 2);
const traced = { ...target, traces: tracesOf(world.processes ?? [], 2) };
const down = { ...alice, state: 8, user: '', domain: '' };
const running = (...processes: HostFacts['processes'] & object): HostFacts => ({
  ...world,
  processes: [system, ...processes],
});
/** What the host says of these pids when they are to be ended; the others it ends. */
const saying = (status: number, ...pids: readonly number[]): Answer =>
  answer(terminateProcess, ({ processId }) => {
    const isRefused = pids.includes(processId);
    return { pResult: isRefused ? status : 0, returnValue: !isRefused };
  });

describe('reset', () => {
  test('follows at once on what was compared', async () => {
    const { connection, server, did } = await actingOn();
    await connection.list(never);
    const before = server.calls.length;
    expect(await connection.act(traced, { act: 'reset' }, never)).toEqual({
      did: ['RpcWinStationReset: session 2 of alice'],
    });
    expect(did).toEqual(['RpcWinStationReset 2']);
    const calls = server.calls.slice(before);
    expect(calls[0]).toBe('RpcOpenSession');
    expect(calls.slice(1, 5).toSorted()).toEqual([
      'RpcGetState',
      'RpcGetTimes',
      'RpcGetUserName',
      'RpcWinStationGetAllProcesses_NT6',
    ]);
    expect(calls[5]).toBe('RpcWinStationReset');
  });

  test.each<[string, HostFacts]>([
    ['has another winlogon.exe', running({ ...winlogon, pid: 901 }, process())],
    ['is another user’s', { ...world, sessions: [services, { ...alice, user: 'mallory' }, bob] }],
    [
      'has been left by its user, and begun anew',
      { ...world, sessions: [services, down], processes: [system, { ...winlogon, createTime: ago(1) }] },
    ],
  ])('is not done where the session %s by now', async (_, now) => {
    const { connection, did } = await actingOn(now);
    await expect(connection.act(traced, { act: 'reset' }, never)).rejects.toMatchObject({ code: 'session_changed' });
    expect(did).toEqual([]);
  });

  test('is done to what is left of the session, by its winlogon.exe', async () => {
    const { connection, did } = await actingOn({ ...world, sessions: [services, down] });
    await connection.act(traced, { act: 'reset' }, never);
    expect(did).toEqual(['RpcWinStationReset 2']);
  });

  test('is done by times and user where processes are hidden', async () => {
    const { connection, did } = await actingOn(world, refuse(getAllProcessesNt6));
    await connection.act(traced, { act: 'reset' }, never);
    expect(did).toEqual(['RpcWinStationReset 2']);
  });

  test('that is refused names WINSTATION_RESET', async () => {
    const no = answer(reset, () => ({ pResult: ntStatus.STATUS_ACCESS_DENIED, returnValue: false }));
    const { connection } = await actingOn(world, no);
    await expect(connection.act(traced, { act: 'reset' }, never)).rejects.toMatchObject({
      code: 'access_denied',
      message: 'the account may not do this, it needs WINSTATION_RESET for session 2: nothing was done',
    });
  });
});

describe('the order of a kill', () => {
  test('is winlogon.exe, the user’s programs, then the rest', () => {
    const turns = turnsOf([dwm, process(), winlogon, excel]);
    expect(turns.map((turn) => turn.map(({ name }) => name))).toEqual([
      ['winlogon.exe'],
      ['explorer.exe', 'EXCEL.EXE'],
      ['dwm.exe'],
    ]);
  });

  test.each(['csrss.exe', 'SMSS.EXE', 'wininit.exe', 'lsass.exe', 'Services.exe'])('never has %s in it', (name) => {
    expect(turnsOf([process({ name })])).toEqual([]);
  });

  test('never has anything of session 0 in it', () => {
    expect(turnsOf([process({ sessionId: 0 })])).toEqual([]);
  });

  test('takes a user’s program for no winlogon.exe because of its name', () => {
    const forged = process({ name: 'winlogon.exe' });
    expect(turnsOf([forged, winlogon])).toEqual([[winlogon], [forged]]);
  });
});

describe('kill-all', () => {
  test('ends every process of the session but what is critical, and nobody else’s', async () => {
    const { connection, did } = await actingOn();
    const report = await connection.act(traced, { act: 'kill-all' }, never);
    expect(did).toEqual([`kill ${winlogon.pid}`, 'kill 4000', `kill ${excel.pid}`, `kill ${dwm.pid}`]);
    expect(report.did).toEqual([
      'winlogon.exe 900 terminated',
      'explorer.exe 4000 terminated',
      'EXCEL.EXE 4100 terminated',
      'dwm.exe 910 terminated',
    ]);
    expect(did).not.toContain(`kill ${stranger.pid}`);
  });

  test('asks for pid and start of each right before it is ended', async () => {
    const { connection, server } = await actingOn(running(csrss, excel));
    await connection.act(traced, { act: 'kill-all' }, never);
    expect(server.calls.filter((call) => /ProcessSid|Terminate/.test(call))).toEqual([
      'RpcWinStationGetProcessSid',
      'RpcWinStationTerminateProcess',
    ]);
  });

  test('does not end a process whose pid is another one’s between the list and the kill', async () => {
    const later = answersOf(running({ ...excel, createTime: ago(0) })).filter(
      ({ name }) => name === getProcessSid.name,
    );
    const { connection, did } = await actingOn(running(excel), ...later);
    expect(await connection.act(traced, { act: 'kill-all' }, never)).toEqual({ did: [] });
    expect(did).toEqual([]);
  });

  test('is no failure where a process has ended meanwhile', async () => {
    const { connection } = await actingOn(world, saying(ntStatus.STATUS_INVALID_CID, 4000));
    const { did } = await connection.act(traced, { act: 'kill-all' }, never);
    expect(did).toHaveLength(3);
  });

  test('tells of one that is refused, and goes on with the others', async () => {
    const { connection } = await actingOn(world, saying(ntStatus.STATUS_ACCESS_DENIED, winlogon.pid));
    const { did } = await connection.act(traced, { act: 'kill-all' }, never);
    expect(did.slice(0, 3).join()).not.toContain('winlogon');
    expect(did.at(-1)).toContain('the right to end winlogon.exe 900');
  });

  test('is refused where each of them is', async () => {
    const { connection } = await actingOn(running(excel), saying(ntStatus.STATUS_ACCESS_DENIED, excel.pid));
    await expect(connection.act(traced, { act: 'kill-all' }, never)).rejects.toMatchObject({ code: 'access_denied' });
  });

  test('does nothing where only csrss.exe is left', async () => {
    const { connection, did } = await actingOn({ ...running(csrss), sessions: [services, down] });
    expect(await connection.act(traced, { act: 'kill-all' }, never)).toEqual({ did: [] });
    expect(did).toEqual([]);
  });

  test('ends what was seen in a session that the host has no more', async () => {
    const { connection, did } = await actingOn({ ...running(csrss, excel), sessions: [services] });
    await connection.act(traced, { act: 'kill-all' }, never);
    expect(did).toEqual([`kill ${excel.pid}`]);
  });

  test.each<[string, HostFacts]>([
    ['a stranger has its number', { ...running(excel), sessions: [services, { ...alice, user: 'mallory' }] }],
    ['only what was never seen runs there', { ...running(process({ pid: 9999 })), sessions: [services] }],
  ])('is session_changed where %s', async (_, now) => {
    const { connection, did } = await actingOn(now);
    await expect(connection.act(traced, { act: 'kill-all' }, never)).rejects.toMatchObject({ code: 'session_changed' });
    expect(did).toEqual([]);
  });

  test('goes by the list alone at a host that cannot be asked for one process', async () => {
    const { connection, did } = await actingOn(running(excel), without(getProcessSid));
    await connection.act(traced, { act: 'kill-all' }, never);
    expect(did).toEqual([`kill ${excel.pid}`]);
  });

  test('is not allowed where processes are hidden', async () => {
    const { connection } = await actingOn(world, refuse(getAllProcessesNt6));
    await expect(connection.act(target, { act: 'kill-all' }, never)).rejects.toMatchObject({ code: 'not_allowed' });
  });
});

describe('kill-logon', () => {
  test('ends winlogon.exe of the session alone', async () => {
    const { connection, did } = await actingOn();
    await connection.act(traced, { act: 'kill-logon' }, never);
    expect(did).toEqual([`kill ${winlogon.pid}`]);
  });

  test('has nothing to do where it has ended', async () => {
    const { connection } = await actingOn(running(csrss, process()));
    expect(await connection.act(traced, { act: 'kill-logon' }, never)).toEqual({ did: [] });
  });
});

describe('kill-process', () => {
  const kill = ({ pid, createTime }: typeof excel): HostAct => ({
    act: 'kill-process',
    pid,
    start: String(createTime),
  });

  test('ends it', async () => {
    const { connection, did } = await actingOn();
    expect(await connection.act(target, kill(excel), never)).toEqual({ did: ['EXCEL.EXE 4100 terminated'] });
    expect(did).toEqual([`kill ${excel.pid}`]);
  });

  test.each<[string, typeof excel, string]>([
    ['another one has its pid', { ...excel, createTime: ago(1) }, 'session_changed'],
    ['it has ended', process({ pid: 77 }), 'session_changed'],
    ['it is of another session', stranger, 'not_allowed'],
    ['it is of session 0', system, 'not_allowed'],
    ['it is critical', csrss, 'not_allowed'],
  ])('is not done where %s', async (_, wanted, code) => {
    const { connection, did } = await actingOn();
    await expect(connection.act(target, kill(wanted), never)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/nothing was done$/) as unknown,
    });
    expect(did).toEqual([]);
  });

  test('of a session that changed is not done', async () => {
    const { connection, did } = await actingOn({ ...world, sessions: [services, { ...alice, user: 'mallory' }] });
    await expect(connection.act(target, kill(excel), never)).rejects.toMatchObject({ code: 'session_changed' });
    expect(did).toEqual([]);
  });

  test('that the host refuses says which right is missing', async () => {
    const { connection } = await actingOn(world, saying(ntStatus.STATUS_ACCESS_DENIED, excel.pid));
    await expect(connection.act(target, kill(excel), never)).rejects.toMatchObject({
      code: 'access_denied',
      message: expect.stringContaining('the right to end EXCEL.EXE 4100') as unknown,
      hint: expect.stringContaining('Administrators') as unknown,
    });
  });
});
