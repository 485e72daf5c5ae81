import { expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { seconds } from '../sessions/duration.ts';
import { UsherError } from '../sessions/errors.ts';
import type { SessionProcess } from '../sessions/process.ts';
import { aSession, readAt } from '../sessions/testing/session.ts';
import { usher } from './testing/usher.ts';

const process: SessionProcess = {
  pid: 812,
  parentPid: 800,
  name: 'Xorg',
  command: 'Xorg :10 -auth x',
  user: 'alice',
  startedAt: readAt.subtract({ hours: 1 }),
  start: '5000',
  state: 'sleeping',
  cpuTime: seconds(65),
  cpuPercent: 1.25,
  memoryBytes: 40e6,
  role: 'x-server',
};
const alice: HostPlan = { readings: [[aSession({ host: 'ssh://a', id: 10, user: 'alice' })]], processes: [process] };
const hosts = { 'ssh://a': alice };

test('the processes are a table, the session is told beside it', async () => {
  const { out, err, code } = await usher('processes alice -s ssh://a', { hosts });
  expect(out.split('\n')).toEqual([
    'PID  PARENT  USER   NAME  ROLE      STATE      CPU  CPU TIME  MEMORY  STARTED  COMMAND',
    '812     800  alice  Xorg  x-server  sleeping  1.3%    1m 05s   40 MB    13:00  Xorg :10 -auth x',
    '',
  ]);
  expect([err, code]).toEqual(['ssh://a: session 10 of alice, active\n', 0]);
});

test('--json has the session, its processes and the errors', async () => {
  const { out } = await usher('processes 10 -s ssh://a --json', { hosts });
  expect(JSON.parse(out)).toMatchObject({
    session: { host: 'ssh://a', id: 10 },
    processes: [{ pid: 812, parentPid: 800, role: 'x-server', startedAt: '2026-03-02T13:00:00Z', cpuTime: 65 }],
    errors: [],
    notes: [],
  });
});

test('--csv has a line for each process', async () => {
  const { out } = await usher('processes 10 -s ssh://a --csv', { hosts });
  expect(out.split('\n')[1]).toBe(
    '812,800,alice,Xorg,x-server,sleeping,1.25,65,40000000,2026-03-02T13:00:00Z,5000,Xorg :10 -auth x',
  );
});

test('the connection is closed', async () => {
  const { estate } = await usher('processes 10 -s ssh://a', { hosts });
  expect(estate.events).toEqual(['connect ssh://a', 'close ssh://a']);
});

test('a match besides a host that did not answer is told, and is only a part', async () => {
  const failure = new UsherError({ code: 'unreachable', message: 'nothing listens' });
  const { code, err } = await usher('processes alice -s ssh://a -s ssh://b', {
    hosts: { ...hosts, 'ssh://b': { failure } },
  });
  expect([code, err.includes('ssh://b: nothing listens')]).toEqual([1, true]);
});

test.each([
  ['several', 'processes alice -s ssh://a -s ssh://b', 'ambiguous'],
  ['none', 'processes eve -s ssh://a', 'not_found'],
])('%s is wrong use, in JSON too', async (_what, line, expected) => {
  const { code, out } = await usher(`${line} --json`, { hosts: { ...hosts, 'ssh://b': alice } });
  expect([code, JSON.parse(out)]).toMatchObject([2, { errors: [{ code: expected }] }]);
});

test('a session that is another one by now is refused', async () => {
  const failure = new UsherError({ code: 'session_changed', message: 'it is another one' });
  const { code } = await usher('processes alice -s ssh://a', { hosts: { 'ssh://a': { failure } } });
  expect(code).toBe(4);
});

test('where no host answers each is one line, and the exit code is 3', async () => {
  const failing = (message: string): HostPlan => ({ failure: new UsherError({ code: 'unreachable', message }) });
  const setting = { hosts: { 'ssh://a': failing('nothing listens'), 'ssh://b': failing('no route') } };
  expect(await usher('processes alice -s ssh://a -s ssh://b', setting)).toMatchObject({
    code: 3,
    err: 'ssh://a: nothing listens; usher doctor ssh://a says why\nssh://b: no route; usher doctor ssh://b says why\n',
  });
  const { out } = await usher('processes alice -s ssh://a -s ssh://b --json', setting);
  expect(JSON.parse(out)).toMatchObject({ errors: [{ host: 'ssh://a' }, { host: 'ssh://b' }] });
});

test('with an empty inventory a host that is named is said to be missing', async () => {
  const { code, err } = await usher('processes alice@nosuch');
  expect([code, err.includes("there is no host 'nosuch' in ")]).toEqual([2, true]);
});

test('the document of a simulated host says that nobody works there', async () => {
  const inventory = new URL('./testing/simulated.yaml', import.meta.url).pathname;
  const { out } = await usher(`processes full:10 --json --inventory ${inventory}`, { hosts: { full: alice } });
  expect(JSON.parse(out)).toMatchObject({ notes: [{ host: 'full', code: 'simulated' }] });
});
