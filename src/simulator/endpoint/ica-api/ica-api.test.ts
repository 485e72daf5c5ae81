import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../../sessions/duration.ts';
import { icaApi } from '../../../wire/ms-tsts/interfaces.ts';
import { closeServer } from '../../../wire/ms-tsts/ica-api/close-server.ts';
import { enumerate } from '../../../wire/ms-tsts/ica-api/enumerate.ts';
import { getAllProcessesNt6 } from '../../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { getAllProcesses } from '../../../wire/ms-tsts/ica-api/get-all-processes.ts';
import { getProcessSid } from '../../../wire/ms-tsts/ica-api/get-process-sid.ts';
import { logonIdFromWinStationName } from '../../../wire/ms-tsts/ica-api/logon-id-from-win-station-name.ts';
import { nameFromLogonId } from '../../../wire/ms-tsts/ica-api/name-from-logon-id.ts';
import { openServer } from '../../../wire/ms-tsts/ica-api/open-server.ts';
import { queryInformation } from '../../../wire/ms-tsts/ica-api/query-information.ts';
import { reset } from '../../../wire/ms-tsts/ica-api/reset.ts';
import { sendMessage } from '../../../wire/ms-tsts/ica-api/send-message.ts';
import { shutdownSystem } from '../../../wire/ms-tsts/ica-api/shutdown-system.ts';
import { terminateProcess } from '../../../wire/ms-tsts/ica-api/terminate-process.ts';
import {
  decodeInformation,
  informationClass,
  informationLength,
} from '../../../wire/ms-tsts/ica-api/winstation-information-class.ts';
import { decodeSessionIds } from '../../../wire/ms-tsts/structures/session-id.ts';
import { sidBytes } from '../../security/sid.ts';
import { PipeClient } from '../../testing/pipe.ts';
import { accounts, anActiveSession, aWorld, endings, processNamed } from '../../testing/world.ts';
import type { Account } from '../../world/account.ts';
import { setCpuLoad } from '../../world/process.ts';

const deniedNt = 0xc0000022;
const no = (pResult: number) => ({ pResult, returnValue: false });

function ica(as: Account = accounts.anna, behaves: readonly string[] = []) {
  const world = aWorld({ behaves });
  const session = anActiveSession(world.host);
  const client = new PipeClient(world.host, as, [icaApi]);
  return { ...world, world, session, client, hServer: client.ask(openServer, {}).phServer };
}

describe('sessions', () => {
  test('are enumerated piece by piece', () => {
    const { client, hServer } = ica();
    const two = { hServer, pEntries: 2, pLogonId: new Uint8Array(152) };
    const first = client.ask(enumerate, { ...two, pIndex: 0 });
    const names = (answer: typeof first) => decodeSessionIds(answer.pLogonId ?? new Uint8Array(), answer.pEntries);
    expect(names(first).map(({ logonId, winStationName }) => [logonId, winStationName])).toEqual([
      [0, 'Services'],
      [1, 'Console'],
    ]);
    const next = client.ask(enumerate, { ...two, pIndex: first.pIndex });
    expect(names(next).map(({ logonId, state }) => [logonId, state])).toEqual([
      [2, 0],
      [65_536, 6],
    ]);
    expect(client.ask(enumerate, { ...two, pIndex: next.pIndex })).toMatchObject(no(0x8000001a));
  });

  test('are found by name, and named by id', () => {
    const { client, hServer } = ica();
    const found = client.ask(logonIdFromWinStationName, { hServer, pWinStationName: 'RDP-TCP#0'.padEnd(33, '\0') });
    expect(found).toMatchObject({ pLogonId: 2, returnValue: true });
    const { pWinStationName } = client.ask(nameFromLogonId, { hServer, loginId: 1, pWinStationName: '\0'.repeat(33) });
    expect(pWinStationName).toBe('Console'.padEnd(33, '\0'));
  });

  test('tell what they are', () => {
    const { client, hServer, session, host } = ica();
    const { information } = informationClass;
    const answer = client.ask(queryInformation, {
      hServer,
      logonId: session.id,
      winStationInformationClass: information.code,
      pWinStationInformation: new Uint8Array(informationLength(information)),
    });
    expect(decodeInformation(information, answer.pWinStationInformation ?? new Uint8Array())).toMatchObject({
      userName: 'alice',
      lastInputTime: session.lastInputAt,
      currentTime: host.now(),
    });
  });

  test.each([
    ['a class that there is not', 99, 4, 0xc0000003],
    ['too little room', 30, 3, 0xc0000023],
  ])('tell nothing for %s', (_what, winStationInformationClass, length, status) => {
    const { client, hServer, session } = ica();
    const pWinStationInformation = new Uint8Array(length);
    const request = { hServer, logonId: session.id, winStationInformationClass, pWinStationInformation };
    expect(client.ask(queryInformation, request)).toMatchObject(no(status));
  });
});

describe('a reset', () => {
  test('ends a session', () => {
    const { client, hServer, session, world } = ica();
    expect(client.ask(reset, { hServer, logonId: session.id, bWait: true })).toEqual({ pResult: 0, returnValue: true });
    expect(endings(world)).toEqual([[session.id, 'reset']]);
  });

  test('of a listener disconnects', () => {
    const { client, hServer, session } = ica();
    client.ask(reset, { hServer, logonId: 65_536, bWait: true });
    expect(session.state).toBe('disconnected');
  });

  test.each([
    ['a session that there is not', accounts.anna, 77, 0xc00a0015],
    ['the services', accounts.anna, 0, deniedNt],
    ['whom the caller may not reset', accounts.bob, 2, deniedNt],
    ['a listener that the caller may not reset', accounts.bob, 65_536, deniedNt],
  ])('of %s is refused', (_what, as, logonId, status) => {
    const { client, hServer, world } = ica(as);
    expect(client.ask(reset, { hServer, logonId, bWait: true })).toEqual(no(status));
    expect(endings(world)).toEqual([]);
  });
});

describe('processes', () => {
  test.each([
    ['older', getAllProcesses],
    ['newer', getAllProcessesNt6],
  ])('are told by the %s call, with their users', (_name, call) => {
    const { client, hServer, host, session, clock } = ica();
    const excel = processNamed(host, session, 'EXCEL.EXE');
    setCpuLoad(excel, 0.5, host.now());
    clock.step(milliseconds(60_000));
    const { ppTsAllProcessesInfo } = client.ask(call, { hServer, level: 0, pNumberOfProcesses: 0x8000 });
    const told = ppTsAllProcessesInfo?.find(({ pTsProcessInfo: info }) => info?.uniqueProcessId === excel.pid);
    expect(ppTsAllProcessesInfo).toHaveLength(host.processes.size);
    expect(told).toMatchObject({
      pTsProcessInfo: {
        imageName: { buffer: 'EXCEL.EXE' },
        createTime: excel.start,
        userTime: 225_000_000n,
        kernelTime: 75_000_000n,
        sessionId: session.id,
        workingSetSize: 419_430_400,
      },
      pSid: sidBytes(accounts.alice.sid),
    });
  });

  test('of others are told to a plain user without whose they are', () => {
    const { client, hServer } = ica(accounts.bob);
    const { ppTsAllProcessesInfo } = client.ask(getAllProcessesNt6, { hServer, level: 0, pNumberOfProcesses: 0x8000 });
    expect(new Set(ppTsAllProcessesInfo?.map(({ pSid }) => pSid))).toEqual(new Set([null]));
  });

  test('of sessions that the caller may not query are left out', () => {
    const { client, hServer } = ica({ ...accounts.alice, groups: [] });
    const { ppTsAllProcessesInfo } = client.ask(getAllProcessesNt6, { hServer, level: 0, pNumberOfProcesses: 0x8000 });
    expect(new Set(ppTsAllProcessesInfo?.map(({ pTsProcessInfo: info }) => info?.sessionId))).toEqual(new Set([2]));
  });

  test('are known by pid and start', () => {
    const { client, hServer, host, session } = ica();
    const { pid, start } = processNamed(host, session, 'explorer.exe');
    const request = { hServer, dwUniqueProcessId: pid, pProcessUserSid: new Uint8Array(28), pdwSizeNeeded: 28 };
    expect(client.ask(getProcessSid, { ...request, processStartTime: start })).toMatchObject({
      pProcessUserSid: sidBytes(accounts.alice.sid),
      returnValue: true,
    });
    expect(client.ask(getProcessSid, { ...request, processStartTime: start + 1n })).toMatchObject({
      returnValue: false,
    });
  });

  test('are ended', () => {
    const { client, hServer, host, session } = ica();
    const { pid } = processNamed(host, session, 'EXCEL.EXE');
    const answer = client.ask(terminateProcess, { hServer, processId: pid, exitCode: 1 });
    expect([answer, host.processes.has(pid)]).toEqual([{ pResult: 0, returnValue: true }, false]);
  });

  test.each([
    ['protected', accounts.anna, 'csrss.exe', deniedNt],
    ["another's", accounts.bob, 'EXCEL.EXE', deniedNt],
  ])('that are %s are not', (_what, as, image, status) => {
    const { client, hServer, host, session } = ica(as);
    const { pid } = processNamed(host, session, image);
    expect(client.ask(terminateProcess, { hServer, processId: pid, exitCode: 1 })).toEqual(no(status));
    expect(host.processes.has(pid)).toBe(true);
  });

  test('that there are not cannot be ended', () => {
    const { client, hServer } = ica();
    expect(client.ask(terminateProcess, { hServer, processId: 3, exitCode: 1 })).toEqual(no(0xc000000b));
  });
});

describe('a shutdown', () => {
  test.each([
    [1, 'up'],
    [2, 'going-down'],
    [4, 'going-down'],
    [8, 'going-down'],
  ])('with the flags %i leaves the host %s', (shutdownFlags, power) => {
    const { client, hServer, host } = ica();
    expect(client.ask(shutdownSystem, { hServer, clientLogonId: 0, shutdownFlags }).returnValue).toBe(true);
    expect(host.power).toBe(power);
  });

  test('is refused to anybody but an administrator', () => {
    const { client, hServer, host } = ica(accounts.bob);
    expect(client.ask(shutdownSystem, { hServer, clientLogonId: 0, shutdownFlags: 2 })).toEqual(no(deniedNt));
    expect(host.power).toBe('up');
  });

  test('to no purpose is refused', () => {
    const { client, hServer } = ica();
    expect(client.ask(shutdownSystem, { hServer, clientLogonId: 0, shutdownFlags: 0 })).toEqual(no(0xc000000d));
  });
});

test('a message is answered when the user does', () => {
  const { client, hServer, session, clock } = ica(accounts.anna, ['answers-messages after=1s']);
  const message = { pTitle: 'End\0', pMessage: 'Now?\0', style: 1, timeout: 60, doNotWait: false };
  const asked = client.begin(sendMessage, { hServer, logonId: session.id, ...message });
  expect([...session.boxes].map((box) => box.message.text)).toEqual(['Now?']);
  clock.step(milliseconds(1000));
  expect(asked.answer()).toEqual({ pResult: 0, pResponse: 1, returnValue: true });
});

test('a handle that was closed is none', () => {
  const { client, hServer } = ica();
  client.ask(closeServer, { hServer });
  const asked = client.begin(terminateProcess, { hServer, processId: 4, exitCode: 0 });
  expect(asked.fault()).toBe('nca_s_fault_context_mismatch');
});
