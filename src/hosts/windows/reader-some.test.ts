import { expect, test } from 'vitest';
import { getAllSessionsEx } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions-ex.ts';
import { getSessionInformationEx } from '../../wire/ms-tsts/term-srv-session/get-session-information-ex.ts';
import type { SessionFacts } from './facts.ts';
import { answersOf } from './testing/answers.ts';
import { ago, alice, disconnected, hostFacts, now, services } from './testing/facts.ts';
import { hang, hostOf, refuse, type Started, usual, usually, without } from './testing/started.ts';

/** From now on the host has these sessions. */
const becomes = ({ host }: Started, sessions: readonly SessionFacts[]): void => {
  host.answers = answersOf(hostFacts({ ...usual, sessions }));
};

/** A host that was read once. */
async function known(): Promise<Started> {
  const started = await usually();
  await started.reader.read();
  started.host.calls.splice(0);
  return started;
}

const others = usual.sessions.filter(({ id }) => id !== alice.id);
const carol = { ...alice, id: 7, user: 'carol', times: { ...alice.times, loggedOn: ago(60) } } as SessionFacts;

test('a session that is known is asked about alone', async () => {
  const started = await known();
  becomes(started, [...others, disconnected]);
  expect(await started.reader.readSome([alice.id])).toEqual({
    now,
    boot: usual.boot,
    sessions: [disconnected],
    gone: new Set(),
  });
  expect(started.host.calls).not.toContain('RpcGetAllSessionsEx');
  expect(started.host.calls).not.toContain('RpcWinStationGetAllProcesses_NT6');
});

test('a session of which the host says that there is none is gone', async () => {
  const started = await known();
  becomes(started, others);
  expect(await started.reader.readSome([alice.id])).toMatchObject({ sessions: [], gone: new Set([alice.id]) });
});

test('a session that is gone and listed all the same is told by the whole host only, which tells it as the same one', async () => {
  const started = await known();
  const { times } = alice;
  becomes(started, others);
  const listing = answersOf(usual).filter(({ name }) => name === getAllSessionsEx.name);
  started.host.answers = [...started.host.answers, ...listing];
  expect(await started.reader.readSome([alice.id])).toBeNull();
  expect((await started.reader.read()).sessions).toContainEqual(expect.objectContaining({ id: alice.id, times }));
});

test('a session that is kept from the user is not taken for gone', async () => {
  const started = await known();
  started.host.answers = [...started.host.answers, refuse(getSessionInformationEx)];
  expect(await started.reader.readSome([alice.id])).toBeNull();
});

test('a session that is silent is not taken for gone', async () => {
  const started = await known();
  started.host.answers = [...started.host.answers, hang(getSessionInformationEx)];
  const reading = started.reader.readSome([alice.id]);
  while (started.timers.pending > 0) {
    started.timers.pass(4000);
    await new Promise(setImmediate);
  }
  expect(await reading).toBeNull();
});

test('a session without a user is told by the whole host only, since its processes tell which one it is', async () => {
  const started = await known();
  const fresh = { ...services, id: 7, state: 1, name: 'RDP-Tcp#9', times: alice.times };
  becomes(started, [...usual.sessions, fresh]);
  expect(await started.reader.readSome([7])).toBeNull();
});

test.each([
  ['not yet', 0n],
  ['in times to come', ago(-2 * 86_400)],
])('a user whose logon is told as of %s is told by the whole host only, too', async (_when, loggedOn) => {
  const started = await known();
  becomes(started, [...usual.sessions, { ...carol, times: { ...carol.times, loggedOn } } as SessionFacts]);
  expect(await started.reader.readSome([carol.id])).toBeNull();
});

test('whoever has logged on is known by the names of the list, which are whole', async () => {
  const started = await known();
  const user = 'a'.repeat(30);
  becomes(started, [...usual.sessions, { ...carol, user }]);
  expect(await started.reader.readSome([carol.id])).toMatchObject({ sessions: [{ id: carol.id, user }] });
});

test('whoever has logged on is looked for in the list once', async () => {
  const started = await known();
  becomes(started, [...usual.sessions, carol]);
  const lists = () => started.host.calls.filter((call) => call === 'RpcGetAllSessionsEx').length;
  await started.reader.readSome([carol.id]);
  expect(lists()).toBe(1);
  await started.reader.readSome([carol.id]);
  expect(lists()).toBe(1);
});

test('another logon of an id is another session', async () => {
  const started = await known();
  becomes(started, [...others, { ...carol, id: alice.id }]);
  const some = await started.reader.readSome([alice.id]);
  expect(some).toMatchObject({ sessions: [{ id: alice.id, user: 'carol', times: { loggedOn: ago(60) } }] });
});

test('a list that tells of another user than the session itself is not believed', async () => {
  const started = await known();
  becomes(started, [...others, { ...carol, id: alice.id }]);
  const listing = answersOf(usual).filter(({ name }) => name === getAllSessionsEx.name);
  started.host.answers = [...started.host.answers, ...listing];
  expect(await started.reader.readSome([alice.id])).toBeNull();
});

test('an older host, which lists no names, is read so, too', async () => {
  const started = await hostOf(usual, without(getAllSessionsEx));
  await started.reader.read();
  becomes(started, [...others, disconnected, carol]);
  started.host.answers = [...started.host.answers, without(getAllSessionsEx)];
  const some = await started.reader.readSome([alice.id, carol.id]);
  expect(some?.sessions).toEqual([disconnected, carol]);
});

test('what was never read is read whole', async () => {
  const { reader } = await usually();
  expect(await reader.readSome([alice.id])).toBeNull();
});
