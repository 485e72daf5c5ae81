import { describe, expect, test } from 'vitest';
import { UsherError } from '../sessions/errors.ts';
import type { Session } from '../sessions/session.ts';
import { aSession } from '../sessions/testing/session.ts';
import { person } from './testing/acting.ts';
import { anAdministered, type Whims } from './testing/administration.ts';
import { type Setting, usher } from './testing/usher.ts';
import { aWindowsSession } from './testing/windows-session.ts';

const alice = aWindowsSession({ id: 2, user: 'alice' });

function shadow(line: string, { session = alice, ...whims }: Whims & { session?: Session } = {}, more: Setting = {}) {
  const administration = anAdministered({ invitation: '<E>x</E>', ...whims });
  const hosts = { 'ssh://a': { readings: [[session]], administration } };
  return { administration, outcome: usher(`shadow ${line} -s ssh://a`, { hosts, ...more }) };
}

test('the user is asked for control, and the invitation is all of the output', async () => {
  const { administration, outcome } = shadow('alice');
  const { code, out, err } = await outcome;
  expect(administration.done).toEqual(['invitation to 2 control ask']);
  expect(out).toBe('<E>x</E>\n');
  expect(err).toContain(String.raw`waiting until CORP\alice's screen (session 2 of ssh://a) may be seen`);
  expect(code).toBe(0);
});

test('--view-only asks for less', async () => {
  const { administration, outcome } = shadow('alice --view-only');
  await outcome;
  expect(administration.done).toEqual(['invitation to 2 ask']);
});

test('--json has whose it is, and the invitation', async () => {
  const { out } = await shadow('alice --json').outcome;
  expect(JSON.parse(out)).toEqual({
    invitations: [
      {
        host: 'ssh://a',
        id: 2,
        name: alice.name,
        user: 'alice',
        domain: 'CORP',
        key: alice.key,
        control: true,
        ask: true,
        invitation: '<E>x</E>',
      },
    ],
    errors: [],
  });
});

test('what the host writes into it cannot reach the terminal', async () => {
  const { out } = await shadow('alice', { invitation: '<E>\u001b[2J</E>' }).outcome;
  expect(out).toBe('<E>\\x1b[2J</E>\n');
});

test('a user who says no is told as such, and ends with 4', async () => {
  const invitation = new UsherError({ code: 'access_denied', message: 'the user said no' });
  const { code, err, out } = await shadow('alice', { invitation }).outcome;
  expect(err).toContain('the user said no\n');
  expect([out, code]).toEqual(['', 4]);
});

describe('without asking the user', () => {
  test('the name of the user is typed', async () => {
    const terminal = person('alice');
    const { administration, outcome } = shadow('alice --no-ask', {}, { terminal });
    expect((await outcome).code).toBe(0);
    expect(terminal.asked).toEqual([
      String.raw`To see CORP\alice's screen (session 2 of ssh://a) without asking, type the user's name: `,
    ]);
    expect(administration.done).toEqual(['invitation to 2 control']);
  });

  test('another answer does nothing', async () => {
    const { administration, outcome } = shadow('alice --no-ask', {}, { terminal: person('yes') });
    expect((await outcome).code).toBe(4);
    expect(administration.done).toEqual([]);
  });

  test('a pipe needs --yes', async () => {
    const { administration, outcome } = shadow('alice --no-ask');
    expect((await outcome).code).toBe(2);
    expect(administration.done).toEqual([]);
  });
});

test.each([
  ['disconnected', { ...alice, state: 'disconnected' } as const, 'the session is disconnected'],
  ['of nobody', { ...alice, user: null, domain: null }, 'nobody is logged on'],
])('a session that is %s has no screen to show', async (_, session, message) => {
  const { administration, outcome } = shadow('2', { session });
  const { code, err } = await outcome;
  expect(err).toContain(message);
  expect(administration.done).toEqual([]);
  expect(code).toBe(4);
});

test('--dry-run says what it would ask for', async () => {
  const { administration, outcome } = shadow('alice --dry-run');
  expect((await outcome).out).toBe(
    String.raw`Nothing was done. It would ask the user for an invitation to see and control CORP\alice's screen (session 2 of ssh://a).` +
      '\n',
  );
  expect(administration.done).toEqual([]);
});

test('a Linux host makes no invitations, and it is said what shows a screen there', async () => {
  const hosts = { 'ssh://a': { readings: [[aSession({ host: 'ssh://a', id: 10, user: 'alice' })]] } };
  const { code, err } = await usher('shadow alice -s ssh://a', { hosts });
  expect(err).toContain('a Linux host makes no invitations to its sessions; on the host, as root: x11vnc');
  expect(code).toBe(4);
});
