import { describe, expect, test } from 'vitest';
import type { ExaminationFacts } from './facts.ts';
import { limitFindings } from './limits.ts';
import { healthyFacts, lines, pastes, withSettings, xh1 } from './testing/facts.ts';

const find = (of: string, facts: ExaminationFacts) => {
  const found = limitFindings(xh1, facts).find((one) => one.of === of);
  if (found === undefined) throw new Error(`no limit of ${of}`);
  return found;
};

test('the limits of Debian’s own sesman.ini are none', () => {
  expect(lines(limitFindings(xh1, healthyFacts))).toEqual([
    'limit disconnected ok: xrdp ends no disconnected session by itself',
    'limit idle ok: xrdp disconnects no idle session by itself',
    'limit sessions ok: 2 of at most 200 sessions are in use',
    'limit policy ok: a user comes back to the same session from anywhere',
    'limit logon ok: members of tsusers may have a session (everybody, where there is no such group)',
  ]);
});

describe('KillDisconnected', () => {
  test.each([
    ['0', '1m 00s'],
    ['59', '1m 00s'],
    ['600', '10m 00s'],
    ['soon', '1m 00s'],
  ])('with a limit of %s kills after %s: sesman takes no less than a minute', (limit, after) => {
    const found = find('disconnected', withSettings(['KillDisconnected', 'yes'], ['DisconnectedTimeLimit', limit]));
    expect([found.verdict, found.summary]).toEqual(['warning', `xrdp kills a disconnected session after ${after}`]);
  });

  test('that is off makes the limit none, whatever it is', () => {
    expect(find('disconnected', withSettings(['DisconnectedTimeLimit', '600'])).verdict).toBe('ok');
  });
});

test('IdleTimeLimit is told in words, with the line that leaves it to Usher', () => {
  const found = find('idle', withSettings(['idletimelimit', '1800']));
  expect([found.summary, pastes(found)]).toEqual([
    'xrdp disconnects a session after 30m 00s without input',
    ['IdleTimeLimit=0'],
  ]);
});

describe('MaxSessions', () => {
  test.each([
    ['0', 'ok', 'xrdp takes any number of sessions'],
    ['3', 'ok', '2 of at most 3 sessions are in use'],
    ['2', 'problem', 'all 2 sessions are in use'],
    ['1', 'problem', 'all 1 sessions are in use'],
  ])('of %s is %s', (limit, verdict, summary) => {
    expect(find('sessions', withSettings(['MaxSessions', limit]))).toMatchObject({ verdict, summary });
  });

  test('that is nearly reached is a warning', () => {
    const [one] = healthyFacts.desktops;
    const desktops = Array.from({ length: 9 }, () => one).flatMap((desktop) => desktop ?? []);
    expect(find('sessions', { ...withSettings(['MaxSessions', '10']), desktops }).verdict).toBe('warning');
  });
});

describe('Policy', () => {
  test.each([
    ['UBDI', 'ok', 'a user has a session for each size of the screen and address of the client (Policy=UBDI)'],
    ['UBC', 'ok', 'a user has a session for each connection (Policy=UBC)'],
    ['I', 'ok', 'a user has a session for each address of the client (Policy=I)'],
    ['UB', 'ok', 'a user comes back to the same session from anywhere'],
    ['Separate', 'warning', 'nobody comes back to a session (Policy=Separate)'],
  ])('%s is %s', (policy, verdict, summary) => {
    expect(find('policy', withSettings(['Policy', policy]))).toMatchObject({ verdict, summary });
  });
});

test('with AlwaysGroupCheck a group that is missing lets nobody in', () => {
  expect(find('logon', withSettings(['AlwaysGroupCheck', 'true', 'security'])).summary).toBe(
    'members of tsusers may have a session (nobody, where there is no such group)',
  );
});

test('a sesman.ini that cannot be read leaves them unknown', () => {
  expect(lines(limitFindings(xh1, { ...healthyFacts, sesmanSettings: null }))).toEqual([
    'limit unknown: /etc/xrdp/sesman.ini cannot be read',
  ]);
});
