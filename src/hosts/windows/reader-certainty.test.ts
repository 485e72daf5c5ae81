import { describe, expect, test, vi } from 'vitest';
import { getAllProcessesNt6 } from '../../wire/ms-tsts/ica-api/get-all-processes-nt6.ts';
import { queryInformation } from '../../wire/ms-tsts/ica-api/query-information.ts';
import { getClientData } from '../../wire/ms-tsts/rcm-public/get-client-data.ts';
import { getLastInputTime } from '../../wire/ms-tsts/rcm-public/get-last-input-time.ts';
import { getRemoteAddress } from '../../wire/ms-tsts/rcm-public/get-remote-address.ts';
import { getSessionInformationEx } from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import type { HostFacts } from './facts.ts';
import { answersOf } from './testing/answers.ts';
import { ago, alice, process, services, system } from './testing/facts.ts';
import type { Answer } from './testing/host.ts';
import { readingOf } from './sessions.ts';
import { patience } from './testing/reading.ts';
import { usual, start, usually, hostOf, refuse, hang } from './testing/started.ts';

describe('a session whose id another one takes between the list and its details', () => {
  const [listed] = answersOf({ ...usual, sessions: [alice] });
  const taken = { ...alice, user: 'mallory' };

  test('is told without them, with a note, in a reading that is not complete', async () => {
    if (listed === undefined) throw new Error('nothing lists');
    const { reader } = await usually(...answersOf({ ...usual, sessions: [taken] }), listed);
    const { sessions, gaps, complete } = await reader.read();
    expect(sessions).toMatchObject([{ user: 'alice', times: null, client: null, address: null, traffic: null }]);
    expect([complete, gaps.map(({ code }) => code)]).toEqual([false, ['session-replaced']]);
  });
});

describe('a host that answers nobody', () => {
  const details = [
    hang(getSessionInformationEx),
    hang(getLastInputTime),
    hang(getClientData),
    hang(getRemoteAddress),
    hang(queryInformation),
    hang(getAllProcessesNt6),
  ];
  const stalled = async () => {
    const started = await usually();
    const first = await started.reader.read();
    started.host.answers = [...started.host.answers, ...details];
    const before = started.host.calls.length;
    const reading = started.reader.read();
    await vi.waitFor(() => expect(started.host.calls.slice(before)).toContain('RpcWinStationGetAllProcesses_NT6'));
    started.timers.pass(patience);
    return { first, second: await reading };
  };

  test('is blamed itself, and none of its sessions', async () => {
    const { second } = await stalled();
    expect(second.sessions.flatMap(({ silent }) => silent)).toEqual([]);
    expect(second.gaps.map(({ code }) => code)).toContain('state-hidden');
  });

  test('is not read completely, and its sessions stay the same', async () => {
    const { first, second } = await stalled();
    const keys = (facts: HostFacts): readonly string[] => readingOf('wh1', facts, null).sessions.map(({ key }) => key);
    expect(second.complete).toBe(false);
    expect(keys(second).filter((key) => key.startsWith('w1-'))).toEqual(
      keys(first).filter((key) => key.startsWith('w1-')),
    );
  });
});

test('a session that enumeration left out is not kept when its processes are gone and it is refused', async () => {
  const orphan = process({ pid: 77, sessionId: 9 });
  const { reader, host } = await usually(refuse(getSessionInformationEx));
  host.answers = [
    ...host.answers,
    ...answersOf({ ...usual, processes: [...(usual.processes ?? []), orphan] }).filter(
      ({ name }) => name === getAllProcessesNt6.name,
    ),
  ];
  const ids = async (): Promise<readonly number[]> => (await reader.read()).sessions.map(({ id }) => id);
  expect(await ids()).toContain(9);
  host.answers = [...host.answers, ...answersOf(usual).filter(({ name }) => name === getAllProcessesNt6.name)];
  await ids();
  expect(await ids()).not.toContain(9);
});

test('a reading without processes is not complete: what enumeration leaves out is found by them', async () => {
  const { reader } = await usually(refuse(getAllProcessesNt6));
  expect((await reader.read()).complete).toBe(false);
});

describe('where no process is told, a session that is not listed any more', () => {
  const without = async (...answers: readonly Answer[]) => {
    const { reader, host } = await usually(refuse(getAllProcessesNt6));
    await reader.read();
    host.answers = [
      ...host.answers,
      ...answersOf({ ...usual, sessions: [services] }),
      refuse(getAllProcessesNt6),
      ...answers,
    ];
    const { sessions, gone, complete } = await reader.read();
    return [sessions.map(({ id }) => id), [...gone], complete];
  };

  test('is gone where the host says that there is none', async () => {
    expect(await without()).toEqual([[0], [1, 2, 3], false]);
  });

  test('is there where the host keeps it from this user', async () => {
    expect(await without(refuse(getSessionInformationEx))).toEqual([[0, 1, 2, 3], [], false]);
  });
});

test('a session whose id another logon has is gone, whatever else is not known', async () => {
  const bob = {
    ...alice,
    user: 'bob',
    times: { connected: ago(60), disconnected: 0n, loggedOn: ago(60), lastInput: 0n },
  };
  const { reader, host } = await usually(refuse(getAllProcessesNt6));
  await reader.read();
  host.answers = [...host.answers, ...answersOf({ ...usual, sessions: [services, bob] }), refuse(getAllProcessesNt6)];
  expect((await reader.read()).gone.has(alice.id)).toBe(true);
  expect([...(await reader.read()).gone]).toEqual([]);
});

test('a host of more than 10,000 sessions is a bad answer', async () => {
  const sessions = Array.from({ length: 10_001 }, (_, at) => ({ ...alice, id: at + 1 }));
  const { reader } = await hostOf({ ...usual, sessions });
  await expect(reader.read()).rejects.toMatchObject({ code: 'bad_answer' });
});

test('so is one whose processes are in more than 10,000 sessions, none of which is asked about', async () => {
  const processes = Array.from({ length: 10_001 }, (_, at) => process({ pid: 100 + at, sessionId: at + 3 }));
  const { reader, host } = await hostOf({ ...usual, processes });
  await expect(reader.read()).rejects.toMatchObject({ code: 'bad_answer' });
  expect(host.calls.filter((call) => call === 'RpcGetSessionInformationEx').length).toBeLessThan(10);
});

test.each([
  [12, 64],
  [60, 512],
])('of a host of %i sessions that lets %i reads wait nothing is lost', async (count, mostWaiting) => {
  const sessions = [services, ...Array.from({ length: count }, (_, at) => ({ ...alice, id: at + 2, user: `u${at}` }))];
  const processes = [system, ...sessions.map(({ id }) => process({ pid: 100 + id, sessionId: id }))];
  const slowly = answersOf({ ...usual, sessions, processes }).map((one) => ({
    ...one,
    respond: async (stub: Uint8Array) => {
      await new Promise((resolve) => setImmediate(resolve));
      return one.respond(stub);
    },
  }));
  const { reader } = await start({ answers: slowly, mostWaiting });
  const facts = await reader.read();
  expect([facts.gaps, facts.sessions.filter(({ client }) => client !== null).length]).toEqual([[], count]);
});
