import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import { accounts, anActiveSession, aWorld, endings, heard, processNamed } from '../testing/world.ts';
import { remote, user } from '../world/actor.ts';
import { disconnect } from '../world/acts/disconnect.ts';
import { logOff, reset } from '../world/acts/log-off.ts';
import { showMessage } from '../world/acts/message.ts';
import { terminate } from '../world/acts/terminate.ts';
import { allSessions } from '../world/notifications.ts';
import { hasRight, rightsWith } from '../world/rights.ts';
import { behaviourKinds, parseBehaviour } from './behaviours.ts';

const byAnna = remote(accounts.anna);
const question = { title: 'End', text: 'Now?', style: 4, seconds: 60 };

describe('hangs-on-logoff', () => {
  test('keeps the session until the program with the document is killed', () => {
    const world = aWorld();
    const session = anActiveSession(world.host, { behaves: ['hangs-on-logoff'] });
    expect(logOff(world.host, session, byAnna)).toEqual({ kind: 'taken-on' });
    expect(endings(world)).toEqual([]);
    terminate(world.host, processNamed(world.host, session, 'WINWORD.EXE'), byAnna);
    expect(endings(world)).toEqual([[session.id, 'logoff']]);
  });

  test('does not hang where the program does not run', () => {
    const world = aWorld();
    const session = anActiveSession(world.host, { behaves: ['hangs-on-logoff program=AutoCAD.exe'] });
    logOff(world.host, session, byAnna);
    expect(endings(world)).toEqual([[session.id, 'logoff']]);
  });

  test('gives way to a reset', () => {
    const world = aWorld();
    const session = anActiveSession(world.host, { behaves: ['hangs-on-logoff'] });
    logOff(world.host, session, byAnna);
    reset(world.host, session, byAnna);
    expect(endings(world)).toEqual([[session.id, 'reset']]);
  });

  test('of one session leaves the others alone', () => {
    const world = aWorld();
    anActiveSession(world.host, { behaves: ['hangs-on-logoff'] });
    const other = anActiveSession(world.host, { account: accounts.bob });
    logOff(world.host, other, byAnna);
    expect(endings(world)).toEqual([[other.id, 'logoff']]);
  });
});

describe('hangs-on-reset', () => {
  test('keeps the session until its logon process is killed', () => {
    const world = aWorld();
    const session = anActiveSession(world.host, { behaves: ['hangs-on-reset'] });
    logOff(world.host, session, byAnna);
    reset(world.host, session, byAnna);
    expect(endings(world)).toEqual([]);
    terminate(world.host, processNamed(world.host, session, 'winlogon.exe'), byAnna);
    expect(endings(world)).toEqual([[session.id, 'logon-process-killed']]);
  });
});

describe('hangs-until-processes-die', () => {
  function killAll(behaviour: string) {
    const world = aWorld();
    const session = anActiveSession(world.host, { behaves: [behaviour] });
    reset(world.host, session, byAnna);
    terminate(world.host, processNamed(world.host, session, 'winlogon.exe'), byAnna);
    expect(endings(world)).toEqual([]);
    for (const process of world.host.processesOf(session.id)) terminate(world.host, process, byAnna);
    return { world, session };
  }

  test('keeps the session until nothing but csrss.exe is left', () => {
    const { world, session } = killAll('hangs-until-processes-die');
    expect(endings(world)).toEqual([[session.id, 'all-processes-killed']]);
  });

  test('keeps it even then, where it never ends', () => {
    const { world, session } = killAll('hangs-until-processes-die ends=never');
    expect(endings(world)).toEqual([]);
    expect(world.host.processesOf(session.id).map(({ image }) => image)).toEqual(['csrss.exe']);
  });
});

describe('stays-down', () => {
  test('keeps the session for a while, in another state', () => {
    const world = aWorld();
    const session = anActiveSession(world.host, { behaves: ['stays-down for=30s'] });
    expect(reset(world.host, session, byAnna)).toEqual({ kind: 'taken-on' });
    world.clock.step(milliseconds(29_999));
    expect([session.state, endings(world)]).toEqual(['down', []]);
    world.clock.step(milliseconds(1));
    expect(endings(world)).toEqual([[session.id, 'reset']]);
  });

  test('ends nobody else who has its id by then', () => {
    const world = aWorld({ behaves: ['id-reused user=bob'] });
    const session = anActiveSession(world.host, { behaves: ['stays-down for=30s'] });
    reset(world.host, session, byAnna);
    terminate(world.host, processNamed(world.host, session, 'winlogon.exe'), byAnna);
    world.clock.step(milliseconds(60_000));
    expect(endings(world)).toEqual([[session.id, 'logon-process-killed']]);
    expect(world.host.sessions.get(session.id)?.account?.name).toBe('bob');
  });
});

describe('id-reused', () => {
  test('gives the id of a session that ended to whoever logs on at once', () => {
    const { host } = aWorld({ behaves: ['id-reused user=bob'] });
    const session = anActiveSession(host);
    const told = host.notifications.subscribe(allSessions, 0xffffffff);
    logOff(host, session, byAnna);
    expect(host.sessions.get(session.id)).toMatchObject({ account: { name: 'bob' }, serial: session.serial + 1 });
    expect(heard(told).slice(2, 4)).toEqual([`${session.id} terminate`, `${session.id} create`]);
  });
});

describe('access-denied', () => {
  test('takes one right from one account', () => {
    const { host } = aWorld({ behaves: ['access-denied right=reset account=ANNA'] });
    const granted = rightsWith(host, accounts.anna, anActiveSession(host));
    expect([hasRight(granted, 'reset'), hasRight(granted, 'logoff')]).toEqual([false, true]);
  });

  test('keeps processes from being ended over the network alone', () => {
    const { host } = aWorld({ behaves: ['access-denied right=terminate'] });
    const process = processNamed(host, anActiveSession(host), 'EXCEL.EXE');
    expect(terminate(host, process, byAnna)).toEqual({ kind: 'refused', refusal: 'access-denied' });
    expect(terminate(host, process, user(accounts.alice))).toEqual({ kind: 'done' });
  });
});

describe('answers-messages', () => {
  test('presses the button after a while', () => {
    const { host, clock } = aWorld({ behaves: ['answers-messages button=no after=5s'] });
    const { box } = showMessage(host, anActiveSession(host), question, byAnna);
    const ends: unknown[] = [];
    box?.whenEnded((end) => ends.push(end));
    clock.step(milliseconds(4999));
    expect(ends).toEqual([]);
    clock.step(milliseconds(1));
    expect(ends).toEqual([{ kind: 'answered', button: 'no' }]);
  });

  test('does not where nobody is there to see it', () => {
    const { host, clock } = aWorld({ behaves: ['answers-messages'] });
    const session = anActiveSession(host);
    const { box } = showMessage(host, session, question, byAnna);
    disconnect(host, session, byAnna);
    clock.step(milliseconds(59_000));
    expect(box?.isOpen).toBe(true);
  });

  test('gives way to does-not-answer of one session', () => {
    const { host, clock } = aWorld({ behaves: ['answers-messages'] });
    const { box } = showMessage(host, anActiveSession(host, { behaves: ['does-not-answer'] }), question, byAnna);
    const ends: unknown[] = [];
    box?.whenEnded((end) => ends.push(end));
    clock.step(milliseconds(60_000));
    expect(ends).toEqual([{ kind: 'timed-out' }]);
  });
});

describe('a message', () => {
  test('ends once', () => {
    const { host, ledger } = aWorld();
    const { box } = showMessage(host, anActiveSession(host), question, byAnna);
    box?.end({ kind: 'answered', button: 'yes' });
    box?.end({ kind: 'timed-out' });
    const ends = ledger.entries.flatMap(({ what }) => (what.kind === 'message-ended' ? [what.end] : []));
    expect(ends).toEqual(['answered yes']);
  });

  test('is swept away with its session', () => {
    const { host } = aWorld();
    const session = anActiveSession(host);
    const { box } = showMessage(host, session, { ...question, seconds: 0 }, byAnna);
    const ends: unknown[] = [];
    box?.whenEnded((end) => ends.push(end));
    logOff(host, session, byAnna);
    expect(ends).toEqual([{ kind: 'swept-away' }]);
  });
});

describe('a behaviour in words', () => {
  test.each([
    ['no such one', 'sings', "no behaviour 'sings'"],
    ['an unknown setting', 'slow pace=2s', "no setting 'pace'"],
    ['a word that is none of those', 'access-denied right=sing', "'sing' is nothing"],
    ['a setting without a value', 'slow by', "'by' is no setting"],
    ['a duration without a unit', 'slow by=5', "'5' is not a duration"],
    ['a duration with two signs', 'clock-skew by=--5s', "'-5s' is not a duration"],
    ['a call that there is not', 'slow call=RpcSing', "no call 'RpcSing'"],
    ['a number that is too small', 'drops times=0', "'0' is nothing that times"],
    ['two times to happen at', 'reboots at=5m call=RpcLogoff', 'at or call, not both'],
  ])('with %s is refused', (_what, words, message) => {
    expect(() => parseBehaviour(words, 'host')).toThrow(UsherError);
    expect(() => parseBehaviour(words, 'host')).toThrow(message);
  });

  test.each(behaviourKinds.flatMap(({ name, of }) => of.map((one) => [name, one] as const)))(
    'needs no settings: %s, of a %s',
    (name, of) => {
      expect(parseBehaviour(name, of).name).toBe(name);
    },
  );

  test.each(behaviourKinds)('$name is told in one line, each of its settings with what it is by itself', (kind) => {
    const { summary } = kind;
    expect(summary).not.toMatch(/\n|\.$/);
    const told = [...summary.matchAll(/\b([a-z]+)=[A-Z]/g)].map(([, setting]) => setting ?? '');
    for (const setting of told) expect(() => kind.make({ [setting]: '?' })).not.toThrow('has no setting');
  });
});
