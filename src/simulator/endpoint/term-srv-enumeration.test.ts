import { describe, expect, test } from 'vitest';
import type { ContextHandle } from '../../wire/ndr/context-handle.ts';
import { termSrvEnumeration } from '../../wire/ms-tsts/interfaces.ts';
import { closeEnum } from '../../wire/ms-tsts/term-srv-enumeration/close-enum.ts';
import { enumAddFilter } from '../../wire/ms-tsts/term-srv-enumeration/enum-add-filter.ts';
import { filterByCallersName } from '../../wire/ms-tsts/term-srv-enumeration/filter-by-callers-name.ts';
import { filterBySessionType } from '../../wire/ms-tsts/term-srv-enumeration/filter-by-session-type.ts';
import { filterByState } from '../../wire/ms-tsts/term-srv-enumeration/filter-by-state.ts';
import { getAllSessionsEx } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions-ex.ts';
import { getAllSessions } from '../../wire/ms-tsts/term-srv-enumeration/get-all-sessions.ts';
import { getEnumResultEx } from '../../wire/ms-tsts/term-srv-enumeration/get-enum-result-ex.ts';
import { getEnumResult } from '../../wire/ms-tsts/term-srv-enumeration/get-enum-result.ts';
import { getSessionIds } from '../../wire/ms-tsts/term-srv-enumeration/get-session-ids.ts';
import { openEnum } from '../../wire/ms-tsts/term-srv-enumeration/open-enum.ts';
import { PipeClient } from '../testing/pipe.ts';
import { accounts, anActiveSession, aWorld } from '../testing/world.ts';
import type { Account } from '../world/account.ts';

/** Alice active in 2, bob disconnected in 3. */
function lsm(as: Account = accounts.anna): PipeClient {
  const { host } = aWorld();
  anActiveSession(host);
  anActiveSession(host, { account: accounts.bob, state: 'disconnected' });
  return new PipeClient(host, as, [termSrvEnumeration]);
}

const open = (client: PipeClient): ContextHandle => client.ask(openEnum, {}).phEnum;

const idsOf = (client: PipeClient, hEnum: ContextHandle): readonly (number | undefined)[] =>
  (client.ask(getEnumResult, { hEnum, level: 1 }).ppSessionEnumResult ?? []).map(({ value }) => value.sessionId);

describe('an enumeration', () => {
  test('has every session and listener, by id', () => {
    const client = lsm();
    const { ppSessionEnumResult } = client.ask(getEnumResult, { hEnum: open(client), level: 1 });
    expect((ppSessionEnumResult ?? []).map(({ value }) => [value.sessionId, value.state, value.name])).toEqual([
      [0, 4, 'Services'],
      [1, 1, 'Console'],
      [2, 0, 'RDP-Tcp#0'],
      [3, 4, ''],
      [65_536, 6, 'RDP-Tcp'],
    ]);
  });

  test('leaves out what the caller may not query', () => {
    const client = lsm(accounts.nobody);
    expect(idsOf(client, open(client))).toEqual([]);
    const alice = lsm({ ...accounts.alice, groups: [] });
    expect(idsOf(alice, open(alice))).toEqual([2]);
  });

  test.each([
    [
      'by state',
      (client: PipeClient, hEnum: ContextHandle) => client.ask(filterByState, { hEnum, state: 4, bInvert: false }),
      [0, 3],
    ],
    [
      'by no state',
      (client: PipeClient, hEnum: ContextHandle) => client.ask(filterByState, { hEnum, state: 4, bInvert: true }),
      [1, 2, 65_536],
    ],
    ['by the caller', (client: PipeClient, hEnum: ContextHandle) => client.ask(filterByCallersName, { hEnum }), []],
    [
      'by type',
      (client: PipeClient, hEnum: ContextHandle) =>
        client.ask(filterBySessionType, { hEnum, pSessionType: '0f0a4bf8-8362-435d-938c-222a518a8b78' }),
      [1, 2, 3],
    ],
  ])('is filtered %s', (_how, filter, expected) => {
    const client = lsm();
    const hEnum = open(client);
    filter(client, hEnum);
    expect(idsOf(client, hEnum)).toEqual(expected);
  });

  test('takes the filters of another', () => {
    const client = lsm();
    const [hEnum, hSubEnum] = [open(client), open(client)];
    client.ask(filterByState, { hEnum: hSubEnum, state: 0, bInvert: false });
    client.ask(enumAddFilter, { hEnum, hSubEnum });
    expect(idsOf(client, hEnum)).toEqual([2]);
  });

  test('is gone once it is closed', () => {
    const client = lsm();
    const hEnum = open(client);
    client.ask(closeEnum, { phEnum: hEnum });
    expect(client.begin(getEnumResult, { hEnum, level: 1 }).fault()).toBe('nca_s_fault_context_mismatch');
  });

  test('has levels', () => {
    const client = lsm();
    const hEnum = open(client);
    const [, , level2] = client.ask(getEnumResult, { hEnum, level: 2 }).ppSessionEnumResult ?? [];
    expect(level2?.value).toMatchObject({ bFullDesktop: true, sessionType: '0f0a4bf8-8362-435d-938c-222a518a8b78' });
    const [, , level3] = client.ask(getEnumResultEx, { hEnum, level: 3 }).ppSessionEnumResult ?? [];
    expect(level3).toMatchObject({ tag: 3, value: { sessionId: 2, pProtocolData: null } });
    expect(client.ask(getEnumResult, { hEnum, level: 3 })).toEqual({
      ppSessionEnumResult: null,
      returnValue: 0x80070057 | 0,
    });
  });
});

describe('all sessions', () => {
  test('come with their users', () => {
    const { ppSessionData } = lsm().ask(getAllSessionsEx, { level: 1 });
    expect(
      (ppSessionData ?? []).map(({ value }) => [value.absSessionId, value.pszUserName, value.pszHostName]),
    ).toEqual([
      [0, null, 'TS01'],
      [1, null, 'TS01'],
      [2, 'alice', 'TS01'],
      [3, 'bob', 'TS01'],
      [65_536, null, 'TS01'],
    ]);
  });

  test.each([1, 2])('come in level %i too', (pLevel) => {
    const { ppSessionData, pLevel: told } = lsm().ask(getAllSessions, { pLevel });
    expect([told, (ppSessionData ?? []).map(({ tag }) => tag)]).toEqual([pLevel, Array(5).fill(pLevel)]);
  });

  test('that are logged on come by their ids, as many as are asked for', () => {
    expect(lsm().ask(getSessionIds, { filter: 0, maxEntries: 100 }).pSessionIds).toEqual([2, 3]);
    expect(lsm().ask(getSessionIds, { filter: 0, maxEntries: 1 }).pSessionIds).toEqual([2]);
  });
});
