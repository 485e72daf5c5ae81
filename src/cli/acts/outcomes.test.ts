import { expect, test } from 'vitest';
import { aSession } from '../../sessions/testing/session.ts';
import { aWindowsSession } from '../testing/windows-session.ts';
import { nameOf } from './outcomes.ts';

test.each([
  ['an xrdp session', aSession({ host: 'xh1', id: 10, user: 'alice' }), 'xh1:10 alice'],
  ['one that nobody has logged on to', aSession({ host: 'xh1', id: 10, user: null }), 'xh1:10 nobody'],
  [
    'a connected session of Windows with the name of its WinStation',
    aWindowsSession({ host: 'ts01', id: 3, user: 'alice' }),
    String.raw`ts01:3 CORP\alice (RDP-Tcp#3)`,
  ],
  [
    'a disconnected one, which has none, by the same words',
    aWindowsSession({ host: 'ts01', id: 4, user: 'alice', name: '' }),
    String.raw`ts01:4 CORP\alice`,
  ],
  [
    'one of a host by its URL, whose port the id could be taken for, with the id apart',
    aSession({ host: 'ssh://root@xh1', id: 10, user: 'alice' }),
    'ssh://root@xh1 10 alice',
  ],
])('%s is named for people as commands name it', (_what, session, name) => {
  expect(nameOf(session)).toBe(name);
});
