import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import { logOff } from '../world/acts/log-off.ts';
import { remote } from '../world/actor.ts';
import { parseFaults } from './faults.ts';
import { aSteppedEstate } from './testing/estate.ts';

const read = (text: string) => parseFaults(text, 'faults.yaml');

describe('a faults file', () => {
  test('says of hosts and users, each by names and globs, how they behave', async () => {
    const text = `
version: 1
faults:
  - { hosts: sim-ts01, behaviours: 'slow by=2s' }
  - { users: ['*.weber', 'SIM\\bob'], behaviours: [hangs-on-logoff, does-not-answer] }
`;
    expect(await read(text)).toEqual([
      { place: 'faults.yaml: faults[0].hosts', hosts: ['sim-ts01'], users: null, behaviours: ['slow by=2s'] },
      {
        place: 'faults.yaml: faults[1].hosts',
        hosts: ['*'],
        users: ['*.weber', String.raw`SIM\bob`],
        behaviours: ['hangs-on-logoff', 'does-not-answer'],
      },
    ]);
  });

  test('may be JSON', async () => {
    expect(await read('{"version":1,"faults":[]}')).toEqual([]);
  });

  test.each([
    ['version: 2\nfaults: []', 'faults.yaml: version: version must be 1'],
    [
      'version: 1\nfaults:\n  - { behaviours: [hangs] }',
      "faults.yaml: faults[0].behaviours: there is no behaviour 'hangs'",
    ],
    [
      'version: 1\nfaults:\n  - { behaviours: [slow, slow speed=1] }',
      "faults.yaml: faults[0].behaviours: the behaviour slow has no setting 'speed'",
    ],
    [
      'version: 1\nfaults:\n  - { users: [a], behaviours: [never-answers], host: x }',
      'faults.yaml: faults[0]: Unrecognized key: "host"',
    ],
    [
      'version: 1\nfaults:\n  - { hosts: 3, behaviours: [slow] }',
      'faults.yaml: faults[0].hosts: this is a name, a glob, or a list of them',
    ],
    ['version: [1', 'faults.yaml:1: it is not YAML'],
    ['', 'faults.yaml: it is no list of faults: write version: 1 and faults: […]'],
  ])('%j is refused with its place', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'bad_file',
      message: expect.stringContaining(message) as unknown,
    });
  });
});

describe('faults of an estate', () => {
  const behaving = (faults: Parameters<typeof aSteppedEstate>[0]['faults']) =>
    aSteppedEstate({ size: [2, 6], ...(faults === undefined ? {} : { faults }) });

  test('are those of the sessions that they name, also of those that begin later', () => {
    const { clock, estate } = behaving([
      { place: 'faults', hosts: ['sim-ts01'], users: ['*'], behaviours: ['hangs-on-reset'] },
    ]);
    const ended = (): readonly boolean[] =>
      estate.hosts.map(({ host }) => {
        const sessions = host.allSessions().filter(({ account }) => account !== null);
        for (const session of sessions) logOff(host, session, remote(estate.administrator));
        clock.step(milliseconds(5000));
        return sessions.some((session) => host.sessions.get(session.id) === session);
      });
    clock.step(milliseconds(36 * 3_600_000));
    const since = estate.hosts[0]?.host
      .allSessions()
      .filter(({ loggedOnAt }) => loggedOnAt > clock.now() - 36n * 36_000_000_000n);
    expect(since?.length).toBeGreaterThan(0);
    expect(ended()).toEqual([true, false]);
  });

  test('of hosts are those of the hosts that they name', () => {
    const { estate } = behaving([{ place: 'faults', hosts: ['sim-ts02'], users: null, behaviours: ['slow'] }]);
    expect(estate.hosts.map(({ host }) => host.behaviours.some(({ name }) => name === 'slow'))).toEqual([false, true]);
  });

  test('name hosts by the globs that commands take', () => {
    const { estate } = behaving([{ place: 'faults', hosts: ['sim-ts0[2-9]'], users: null, behaviours: ['slow'] }]);
    expect(estate.hosts.map(({ host }) => host.behaviours.some(({ name }) => name === 'slow'))).toEqual([false, true]);
  });

  test('of a host that is not there are refused', () => {
    expect(() => behaving([{ place: 'faults', hosts: ['ts01'], users: null, behaviours: ['slow'] }])).toThrow(
      'faults: no host of the estate is called ts01',
    );
  });
});
