import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import { aSteppedEstate, type SteppedEstate } from '../estate/testing/estate.ts';
import { disconnect } from '../world/acts/disconnect.ts';
import { logOff } from '../world/acts/log-off.ts';
import { showMessage } from '../world/acts/message.ts';
import { remote } from '../world/actor.ts';
import type { LedgerEntry } from '../world/ledger.ts';
import { cpuTime } from '../world/process.ts';
import { bytesUntil, type SimulatedSession } from '../world/session.ts';
import type { Person } from './person.ts';

const [minute, hour] = [60_000, 3_600_000];
const [ticksPerMinute, ticksPerHour] = [600_000_000n, 36_000_000_000n];

/** A host that many people work at. */
function aHost(seed = 11) {
  const stepped = aSteppedEstate({ size: [1, 80], seed });
  const [first] = stepped.estate.hosts;
  if (first === undefined) throw new Error('there is no host');
  return { ...stepped, ...first, by: remote(stepped.estate.administrator) };
}

const passed = ({ clock }: SteppedEstate, time: number): void => clock.step(milliseconds(time));

const byThemselves = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] =>
  entries.filter(({ by }) => by.kind === 'user');

const acts = (entries: readonly LedgerEntry[]): readonly string[] =>
  byThemselves(entries).flatMap(({ what }) => (what.kind === 'act' ? [what.act] : []));

function those(
  people: readonly Person[],
  activity: Person['activity'],
): readonly (readonly [Person, SimulatedSession])[] {
  return people.flatMap((person) =>
    person.activity === activity && person.session !== null ? [[person, person.session] as const] : [],
  );
}

describe('people', () => {
  test('do in two days all that people do', () => {
    const host = aHost();
    passed(host, 48 * hour);
    const done = acts(host.ledger.entries);
    const often = (act: string): number => done.filter((one) => one === act).length;
    expect(often('logon')).toBeGreaterThan(30);
    expect(often('logoff')).toBeGreaterThan(15);
    expect(often('disconnect')).toBeGreaterThan(60);
    expect(often('reconnect')).toBeGreaterThan(60);
    expect(often('lock')).toBeGreaterThan(50);
    expect(often('unlock')).toBeGreaterThan(50);
  });

  test('come back by another client at times', () => {
    const host = aHost();
    passed(host, 48 * hour);
    const clients = Map.groupBy(
      host.ledger.entries.filter(({ what }) => what.kind === 'connected'),
      ({ session }) => session?.serial,
    );
    const names = [...clients.values()].map((entries) => new Set(entries.map(({ what }) => JSON.stringify(what))).size);
    expect(names.filter((count) => count > 1).length).toBeGreaterThan(5);
  });

  test('type every few minutes while they work, and not at a pause', () => {
    const host = aHost();
    passed(host, hour);
    const longest = (activity: Person['activity']): bigint =>
      those(host.people, activity).reduce((most, [, { lastInputAt }]) => {
        const idle = host.clock.now() - lastInputAt;
        return idle > most ? idle : most;
      }, 0n);
    expect(longest('working')).toBeLessThan(11n * ticksPerMinute);
    expect(longest('pausing')).toBeGreaterThan(ticksPerHour);
  });

  test('let something run for hours while they are away', () => {
    const host = aHost();
    passed(host, 4 * hour);
    const busy = those(host.people, 'pausing')
      .concat(those(host.people, 'left'))
      .flatMap(([person, session]) =>
        host.host
          .processesOf(session.id)
          .filter(({ image, cpuLoad }) => image === person.who.job.longRun && cpuLoad > 0.5),
      );
    expect(busy.length).toBeGreaterThan(0);
  });

  test('make programs grow and shrink, keep processors busy and send bytes to and fro', () => {
    const host = aHost();
    const [one] = those(host.people, 'working');
    if (one === undefined) throw new Error('nobody works');
    const [, session] = one;
    const measured = () => {
      const processes = host.host.processesOf(session.id);
      const cpu = processes.reduce((sum, process) => sum + cpuTime(process, host.host.now()), 0n);
      return {
        memory: processes.reduce((sum, { workingSet }) => sum + workingSet, 0),
        cpu,
        ...bytesUntil(session, host.host.now()),
      };
    };
    const before = measured();
    passed(host, 5 * minute);
    const after = measured();
    expect(after.cpu).toBeGreaterThan(before.cpu);
    expect(after.toClient).toBeGreaterThan(before.toClient);
    expect(after.memory).not.toBe(before.memory);
  });

  test('whose client is taken away while they work connect again', () => {
    const host = aHost();
    const working = those(host.people, 'working');
    for (const [, session] of working) disconnect(host.host, session, host.by);
    passed(host, 10 * minute);
    const back = working.filter(([, session]) => session.state === 'active');
    expect(working.length).toBeGreaterThan(20);
    expect(back.length / working.length).toBeGreaterThan(0.6);
    expect(back.length).toBeLessThan(working.length);
  });

  test('who are logged off under their hands come again, in a new session', () => {
    const host = aHost();
    const working = those(host.people, 'working');
    for (const [, session] of working) logOff(host.host, session, host.by);
    passed(host, hour);
    const again = working.filter(([person, session]) => person.session !== null && person.session !== session);
    expect(again.length / working.length).toBeGreaterThan(0.5);
  });

  test('do not act on a session that is gone', () => {
    const host = aHost();
    for (const session of host.host.allSessions()) if (session.account !== null) logOff(host.host, session, host.by);
    passed(host, 5000);
    const gone = host.ledger.entries.flatMap(({ what, session }) => (what.kind === 'ended' ? [session?.serial] : []));
    const count = host.ledger.entries.length;
    passed(host, 24 * hour);
    const later = host.ledger.entries.slice(count).map(({ session }) => session?.serial);
    expect(gone.length).toBe(80);
    expect(later.filter((serial) => serial !== undefined && gone.includes(serial))).toEqual([]);
  });
});

describe('a message', () => {
  const asked = (host: ReturnType<typeof aHost>, activity: Person['activity']) => {
    const message = { title: 'Usher', text: 'Save your work', style: 4, seconds: 120 };
    const ends: string[] = [];
    for (const [, session] of those(host.people, activity)) {
      showMessage(host.host, session, message, host.by).box?.whenEnded((end) =>
        ends.push(end.kind === 'answered' ? end.button : end.kind),
      );
    }
    passed(host, 3 * minute);
    return ends;
  };

  test('is answered by most of those who work, each with a button that it has', () => {
    const ends = asked(aHost(), 'working');
    const answered = ends.filter((end) => end === 'yes' || end === 'no');
    expect(answered.length / ends.length).toBeGreaterThan(0.4);
    expect(new Set(ends)).toEqual(new Set(['yes', 'no', 'timed-out']));
  });

  test('is not answered by those whose client is gone', () => {
    expect(new Set(asked(aHost(), 'left'))).toEqual(new Set(['timed-out']));
  });
});
