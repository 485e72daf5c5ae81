import { describe, expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { UsherError } from '../sessions/errors.ts';
import { act, actsIn } from './testing/acting.ts';

const lost = new UsherError({ code: 'connection_lost', message: 'it ended' });

/** What was sent, told as it happens. */
const tried = '14:00:00  ssh://a 10 alice  kill: kill-process of alice\n';

describe('kill --pid', () => {
  test('kills the process and reads again', async () => {
    const { code, out, estate } = await act('kill alice --pid 900');
    expect([code, actsIn(estate)]).toEqual([0, ['kill-process alice']]);
    expect(out).toBe('ssh://a 10 alice  killed: soffice.bin 900 is gone, re-read 14:00:00\n');
  });

  test('leaves a process alone that is not of the session', async () => {
    const { code, err, estate } = await act('kill alice --pid 901');
    expect([code, actsIn(estate), err]).toEqual([
      4,
      [],
      'ssh://a 10 alice  not allowed: process 901 is not of this session\n',
    ]);
  });

  test('fails where the process is still there when patience is over', async () => {
    const { code, err } = await act('kill alice --pid 900 --patience 3s', { onAct: () => 'hangs' });
    expect([code, err]).toEqual([1, `${tried}ssh://a 10 alice  failed: soffice.bin 900 is still there\n`]);
  });

  test('of a process with which the session ends says so', async () => {
    const { code, out } = await act('kill alice --pid 900', { onAct: () => 'ends' });
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/killed: soffice\.bin 900 is gone, and its session with it/),
    ]);
  });

  test('that the host refuses exits with 4', async () => {
    const onAct = () => new UsherError({ code: 'access_denied', message: 'not root' });
    const { code, err } = await act('kill alice --pid 900', { onAct });
    expect([code, err]).toEqual([4, 'ssh://a 10 alice  refused: not root; usher doctor ssh://a says why\n']);
  });

  test('whose answer is lost is looked for, and told from what is read', async () => {
    const { code, err } = await act('kill alice --pid 900 --patience 1s', { onAct: () => lost });
    expect([code, err]).toEqual([1, expect.stringMatching(/failed: soffice.bin 900 is still there/)]);
  });

  test('on a host that is lost is unknown when --settle is over, and exits with 3', async () => {
    let reads = 0;
    const onProcesses: HostPlan['onProcesses'] = () => ((reads += 1) > 1 ? lost : null);
    const { code, err } = await act('kill alice --pid 900 --settle 5s', { onProcesses });
    expect(code).toBe(3);
    expect(err).toMatch(/unknown: it ended; looking again\n[\s\S]*alice {2}unknown: it ended\n$/);
  });

  test('says what it had tried when it is called off', async () => {
    const leaving = new AbortController();
    const onAct: HostPlan['onAct'] = () => (leaving.abort(), 'hangs');
    const { code, err } = await act('kill alice --pid 900', { onAct }, { signal: leaving.signal });
    expect([code, err]).toEqual([
      130,
      `${tried}ssh://a 10 alice  cancelled: soffice.bin 900 was tried: its end was not seen\n`,
    ]);
  });

  test('is one step with --json', async () => {
    const { out } = await act('kill alice --pid 900 --json');
    expect(JSON.parse(out)).toMatchObject({
      acts: [
        {
          act: 'kill-process',
          outcome: 'killed',
          provedAt: '2026-03-02T14:00:00Z',
          steps: [{ step: 'kill-process', result: 'kill-process of alice' }],
        },
      ],
    });
  });
});
