import { expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { UsherError } from '../sessions/errors.ts';
import { aSession } from '../sessions/testing/session.ts';
import { usher } from './testing/usher.ts';

const here = aSession({
  host: 'ssh://a',
  id: 10,
  user: 'alice',
  client: { name: 'laptop', address: '10.0.0.5', display: null },
});
const away = { ...here, state: 'disconnected' } as const;
const elsewhere = { ...here, client: { name: 'phone', address: '10.0.0.6', display: null } };
const ill = { ...here, troubles: [{ code: 'orphan', reason: 'sesman 12 is gone' }] } as const;
const hosts: Readonly<Record<string, HostPlan>> = {
  'ssh://a': { readings: [[], [here], [elsewhere], [away], [here], [ill], [here], []] },
};

test('every change is one line', async () => {
  const { out, err, code } = await usher('watch -s ssh://a', { hosts });
  expect(out.trimEnd().split('\n')).toEqual([
    '14:00:00  ssh://a  10  alice  appeared, active from laptop (10.0.0.5)',
    '14:00:00  ssh://a  10  alice  reconnected from phone (10.0.0.6), taken over from laptop (10.0.0.5)',
    '14:00:00  ssh://a  10  alice  active → disconnected',
    '14:00:00  ssh://a  10  alice  reconnected from laptop (10.0.0.5)',
    '14:00:00  ssh://a  10  alice  in trouble: sesman 12 is gone',
    '14:00:00  ssh://a  10  alice  out of trouble: orphan',
    '14:00:00  ssh://a  10  alice  ended, was active',
  ]);
  expect([err, code]).toEqual(['ssh://a: watching, 0 sessions there now\n', 0]);
});

test('a lock is told, and what unlocks it', async () => {
  const [unlocked, locked] = [
    { ...here, locked: false },
    { ...here, locked: true },
  ];
  const readings = [[unlocked], [locked], [unlocked]];
  const { out } = await usher('watch -s ssh://a', { hosts: { 'ssh://a': { readings } } });
  expect(out.trimEnd().split('\n').slice(1)).toEqual([
    '14:00:00  ssh://a  10  alice  locked',
    '14:00:00  ssh://a  10  alice  unlocked',
  ]);
  const json = await usher('watch -s ssh://a --json', { hosts: { 'ssh://a': { readings } } });
  expect(json.out).toContain('"change":"locked"');
});

test('--json is one object a line, beginning with what is there', async () => {
  const { out } = await usher('watch -s ssh://a --json', { hosts: { 'ssh://a': { readings: [[here], [away]] } } });
  const objects = out
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(objects).toMatchObject([
    { host: 'ssh://a', at: '2026-03-02T14:00:00Z', change: 'present', session: { id: 10, state: 'active' } },
    { host: 'ssh://a', change: 'state-changed', session: { state: 'disconnected' }, before: { state: 'active' } },
  ]);
});

test('--csv is one record a line', async () => {
  const { out } = await usher('watch -s ssh://a --csv', { hosts: { 'ssh://a': { readings: [[here], []] } } });
  expect(out.split('\n').slice(0, 3)).toEqual([
    'at,host,id,name,user,domain,change,detail',
    '2026-03-02T14:00:00Z,ssh://a,10,:10,alice,,present,"present, active from laptop (10.0.0.5)"',
    '2026-03-02T14:00:00Z,ssh://a,10,:10,alice,,ended,"ended, was active"',
  ]);
});

test('a host that can never answer is told, and is the exit code', async () => {
  const failure = new UsherError({ code: 'logon_failed', message: 'refused' });
  const { code, err } = await usher('watch -s ssh://a', { hosts: { 'ssh://a': { failure } } });
  expect([code, err]).toEqual([3, 'ssh://a: refused\nssh://a: not watched any more\n']);
});

test('a host that is lost for now is said to be tried again', async () => {
  const leaving = new AbortController();
  const failure = new UsherError({ code: 'unreachable', message: 'no route' });
  const timers = {
    after: (delay: number) => {
      if (delay === 1000) leaving.abort();
      return { [Symbol.dispose]: () => undefined };
    },
  };
  const { err } = await usher('watch -s ssh://a', {
    hosts: { 'ssh://a': { failure } },
    signal: leaving.signal,
    timers,
  });
  expect(err).toBe('ssh://a: no route\nssh://a: trying again in 1 s\n');
});

test('a name cannot move the cursor', async () => {
  const evil = aSession({ host: 'ssh://a', id: 10, user: '\u001b[2J' });
  const { out } = await usher('watch -s ssh://a', { hosts: { 'ssh://a': { readings: [[], [evil]] } } });
  expect(out).toContain(String.raw`\x1b[2J`);
});
