import { expect, test } from 'vitest';
import type { HostPlan } from '../fleet/testing/estate.ts';
import { UsherError } from '../sessions/errors.ts';
import { act, actsIn } from './testing/acting.ts';

/** What a reading after this many finds. */
const after = (number: number, look: NonNullable<HostPlan['onLook']>): HostPlan['onLook'] => {
  let looks = 0;
  return (session) => ((looks += 1) > number ? look(session) : session);
};

test('it disconnects and waits until the user is back', async () => {
  const onLook = after(4, (session) => ({ ...session, state: 'active' }));
  const { code, out, err, estate } = await act('unfreeze alice', { onLook });
  expect([code, actsIn(estate)]).toEqual([0, ['disconnect alice']]);
  expect(err).toMatch(/disconnected, no client, re-read 14:00:0\d; waiting until the user is back/);
  expect(out).toMatch(/alice {2}reconnected: the user is back, re-read 14:00:0\d\n$/);
});

test('it says when the user is not back in time, and that programs go on', async () => {
  const { code, err } = await act('unfreeze alice --wait 30s');
  expect([code, err]).toEqual([1, expect.stringMatching(/not back: .*within 30s; programs go on/) as string]);
});

test('it says that it could not see whether the user is back', async () => {
  const onLook = after(2, () => new UsherError({ code: 'timeout', message: 'no answer' }));
  const { code, err } = await act('unfreeze alice --wait 5s', { onLook });
  expect([code, err]).toEqual([
    3,
    expect.stringMatching(/unknown: whether the user is back cannot be seen: no answer\n$/) as string,
  ]);
});

test('it fails where the session does not lose its client', async () => {
  const { code, err } = await act('unfreeze alice', { onAct: () => 'hangs' });
  expect([code, err]).toEqual([1, expect.stringMatching(/failed: disconnect: a client is still connected/) as string]);
});

test('Ctrl-C while the user is waited for says what was done', async () => {
  const leaving = new AbortController();
  const onLook = after(3, (session) => (leaving.abort(), session));
  const { code, err } = await act('unfreeze alice', { onLook }, { signal: leaving.signal });
  expect([code, err]).toEqual([130, expect.stringMatching(/cancelled: .*not waited for any longer; programs go on/)]);
});
