import { expect, test } from 'vitest';
import { wellKnownSid } from '../../simulator/security/sid.ts';
import { account } from '../../simulator/world/account.ts';
import { remote, theHost } from '../../simulator/world/actor.ts';
import type { LedgerEntry, SessionStamp } from '../../simulator/world/ledger.ts';
import { checksOf, type Meant } from './verdict.ts';

const meant: Meant = { host: 'SIM-TS01', serial: 7 };
const admin = account({
  name: 'usher',
  domain: 'SIM',
  sid: 'S-1-5-21-1-2-3-500',
  password: null,
  groups: [wellKnownSid.administrators],
});

const stamp = (serial: number): SessionStamp => ({
  id: serial,
  serial,
  user: 'ava',
  domain: 'SIM',
  state: 'active',
  loggedOnAt: 1n,
});

function entry(what: LedgerEntry['what'], serial = meant.serial, by = remote(admin)): LedgerEntry {
  return { at: 0n, host: meant.host, by, session: stamp(serial), what };
}

const act = (name: 'logoff' | 'reset' | 'terminate', kind: 'done' | 'without-effect', serial?: number): LedgerEntry =>
  entry({ kind: 'act', act: name, fate: { kind }, detail: null }, serial);

const story: readonly LedgerEntry[] = [
  entry({ kind: 'message-shown', box: 1, title: '', text: '' }),
  act('logoff', 'without-effect'),
  act('reset', 'without-effect'),
  act('terminate', 'done'),
  entry({ kind: 'ended', cause: 'logon-process-killed' }),
];

const broken = (entries: readonly LedgerEntry[]): readonly string[] =>
  checksOf(entries, meant).flatMap(({ what, holds }) => (holds ? [] : [what]));

test('a ledger with the whole story agrees', () => {
  expect(broken(story)).toEqual([]);
});

test.each([
  [0, 'its user saw the warning'],
  [1, 'log-off was tried and came to nothing'],
  [2, 'reset was tried and came to nothing'],
  [3, 'a process of it was ended'],
  [4, 'it ended because its logon process did'],
])('a ledger without line %d does not: %s', (at, what) => {
  expect(broken(story.toSpliced(at, 1))).toEqual([what]);
});

test('a process that could not be ended was not', () => {
  const refused: LedgerEntry = entry({
    kind: 'act',
    act: 'terminate',
    fate: { kind: 'refused', why: 'access denied' },
    detail: null,
  });
  expect(broken(story.with(3, refused))).toEqual(['a process of it was ended']);
});

test('an act on another session is seen, whatever came of it', () => {
  expect(broken([...story, act('logoff', 'without-effect', 8)])).toEqual(['nothing was done to any other session']);
});

test('what the host and its people do to other sessions is nobody’s from outside', () => {
  expect(broken([...story, entry({ kind: 'ended', cause: 'logoff' }, 8, theHost)])).toEqual([]);
});

test('another session of the same id is another one', () => {
  expect(broken([entry({ kind: 'ended', cause: 'logon-process-killed' }, 9), ...story.slice(0, -1)])).toHaveLength(2);
});
