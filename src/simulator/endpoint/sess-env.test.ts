import { expect, test } from 'vitest';
import { milliseconds } from '../../sessions/duration.ts';
import { sessEnvPublicRpc } from '../../wire/ms-tsts/interfaces.ts';
import { shadow2 } from '../../wire/ms-tsts/sess-env-public-rpc/shadow2.ts';
import { PipeClient } from '../testing/pipe.ts';
import { accounts, anActiveSession, aWorld } from '../testing/world.ts';
import type { Account } from '../world/account.ts';
import { withValue } from '../world/registry/hive.ts';
import { dword } from '../world/registry/values.ts';
import { keyPaths } from '../world/registry/windows-hive.ts';

function sessEnv(policy: number, as: Account = accounts.anna) {
  const { host, clock } = aWorld({ behaves: ['answers-messages button=yes after=2s'] });
  host.registry = withValue(host.registry, keyPaths.policies, dword('Shadow', policy), 0n);
  const { id: targetSessionId } = anActiveSession(host);
  return { client: new PipeClient(host, as, [sessEnvPublicRpc]), targetSessionId, clock };
}

const silentView = { eRequestControl: 0, eRequestPermission: 0, cchInvitation: 8192 };

test('an invitation comes at once where nobody must be asked', () => {
  const { client, targetSessionId } = sessEnv(2);
  const { pePermission, pszInvitation, returnValue } = client.ask(shadow2, { targetSessionId, ...silentView });
  expect([pePermission, returnValue]).toEqual([0, 0]);
  expect(pszInvitation.text).toMatch(/^<E><A KH="[^"]+" ID="TS01-2"\/><C>.*<\/C><\/E>$/);
});

test('it comes when the user has allowed it, where he is asked', () => {
  const { client, targetSessionId, clock } = sessEnv(1);
  const asked = client.begin(shadow2, { targetSessionId, ...silentView, eRequestPermission: 1 });
  expect(asked.answer()).toBeNull();
  clock.step(milliseconds(2000));
  expect(asked.answer()).toMatchObject({ pePermission: 0, pszInvitation: { text: expect.stringContaining('<E>') } });
});

test('there is none where the policy wants the user to be asked', () => {
  const { client, targetSessionId } = sessEnv(1);
  expect(client.ask(shadow2, { targetSessionId, ...silentView })).toMatchObject({
    pePermission: 2,
    pszInvitation: { text: '' },
    returnValue: 0,
  });
});

test.each([
  ['whoever has no right to it', accounts.bob, {}, 0x80070005],
  ['a session that there is not', accounts.anna, { targetSessionId: 77 }, 0x80070002],
  ['too little room', accounts.anna, { cchInvitation: 20 }, 0x8007007a],
  ['the console, where nobody is', accounts.anna, { targetSessionId: 1 }, 0x8007139f],
])('it is refused for %s', (_what, as, change, status) => {
  const { client, targetSessionId } = sessEnv(2, as);
  const answer = client.ask(shadow2, { targetSessionId, ...silentView, ...change });
  expect([answer.returnValue, answer.pszInvitation.text]).toEqual([status | 0, '']);
});
