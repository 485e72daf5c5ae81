import { describe, expect, test } from 'vitest';
import { desktopFindings } from './desktop.ts';
import type { ExaminationFacts } from './facts.ts';
import { healthyFacts, lines, pastes, xh1 } from './testing/facts.ts';

const found = (facts: Partial<ExaminationFacts>) => desktopFindings(xh1, { ...healthyFacts, ...facts });
const find = (check: string, facts: Partial<ExaminationFacts>) => found(facts).find((one) => one.check === check);

/** Both sessions run this desktop. */
const desktops = (facts: Partial<ExaminationFacts['desktops'][number]>) => ({
  desktops: healthyFacts.desktops.map((one) => ({
    ...one,
    manager: 'xfce4-session',
    command: 'xfce4-session-logout',
    ...facts,
  })),
});

test('a healthy host has nothing to mend', () => {
  expect(lines(found(desktops({})))).toEqual([
    'logind ok: logind answers; what outlives a session is left alone',
    'scopes ok: every session has a scope of its own',
    'system-bus ok: the system bus of D-Bus is there',
    'session-bus ok: every desktop has its session bus',
    'log-off ok: desktops are asked to log off by xfce4-session-logout',
    'messages ok: messages are drawn by Usher itself on the X server',
  ]);
});

describe('logind', () => {
  test('that kills what outlives a session is told', () => {
    const logind = { exit: 0, text: 'NCurrentSessions=3\nKillUserProcesses=yes\n' };
    expect(find('logind', { logind })?.summary).toBe('logind answers; what outlives a session is killed');
  });

  test.each<[string, ExaminationFacts['logind']]>([
    ['keeps silent', null],
    ['fails', { exit: 1, text: 'Failed to connect to bus: No such file or directory\n' }],
    ['says something else', { exit: 0, text: 'IdleHint=no\n' }],
  ])('that %s is a warning', (_what, logind) => {
    const one = find('logind', { logind });
    expect([one?.verdict, one && pastes(one)]).toEqual(['warning', ['systemctl restart systemd-logind']]);
  });

  test('is not missed on a host without systemd, and neither is the system bus', () => {
    const plain = found({ systemd: false, logind: null, systemBus: false, desktops: [] });
    expect(plain.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok']);
  });

  test.each([
    ['in no scope', { scope: null }],
    ['in a scope that others are in too', { sharedScope: true }],
  ])('that has sessions %s is a warning which names them', (_what, facts) => {
    expect(find('scopes', desktops(facts))).toMatchObject({
      verdict: 'warning',
      details: [':10 of alice', ':11 of bob'],
    });
  });
});

describe('the session bus', () => {
  test.each([
    ['is missing', { bus: null }, 'warning'],
    ['is named, and not there', { bus: false }, 'warning'],
    ['cannot be seen', { bus: null, environmentSeen: false }, 'unknown'],
  ] as const)('that %s is a %s', (_what, facts, verdict) => {
    expect(find('session-bus', desktops(facts))?.verdict).toBe(verdict);
  });

  test('is not missed where no desktop could be asked through it', () => {
    expect(
      find('session-bus', { desktops: healthyFacts.desktops.map((one) => ({ ...one, bus: null })) }),
    ).toBeUndefined();
  });
});

test('a program that asks a desktop to log off and is missing is a warning', () => {
  const one = find('log-off', desktops({ command: 'gnome-session-quit' }));
  expect([one?.verdict, one?.summary]).toEqual([
    'warning',
    'gnome-session-quit is not there to ask desktops to log off',
  ]);
});

test('a dialog program that is there shows messages', () => {
  expect(find('messages', { programs: ['yad', 'kdialog'] })?.summary).toBe(
    'messages are shown by yad; those that count down are drawn by Usher itself',
  );
});
