import { nullHandle } from '../../wire/ndr/context-handle.ts';
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
import { Held } from './handles.ts';
import { Refused } from './refusal.ts';
import { type Caller, hresultCall, type ServedCall } from './served-call.ts';
import { cutTo, domainOf, type Enumerable, enumerated, userOf } from './sessions.ts';

type Filter = (one: Enumerable) => boolean;

/** The most filters of one enumeration. */
const mostFilters = 64;

/** What an ENUM_HANDLE stands for: filters that a session has to pass. */
class Enumeration extends Held {
  readonly filters: Filter[] = [];

  add(filter: Filter): void {
    if (this.filters.length >= mostFilters) throw new Refused('no-room');
    this.filters.push(filter);
  }

  passes(one: Enumerable): boolean {
    return this.filters.every((filter) => filter(one));
  }
}

const ok = { returnValue: 0 } as const;

/** TERMINAL_TYPE_SERVICE and its like ([MS-TSTS] 2.2.2.4.1.2, its note). */
const terminalTypes = {
  services: '88f5767d-d13f-404d-a348-8b8e030294a9',
  desktop: '0f0a4bf8-8362-435d-938c-222a518a8b78',
  'remote-app': 'eddcc3ce-6e7e-4f4b-8439-3d9ad4c9440f',
} as const;

const typeOf = ({ session }: Enumerable): string => terminalTypes[session?.kind ?? 'services'];

const level1 = ({ id, state, name }: Enumerable) => ({ sessionId: id, state, name: cutTo(name, 33) });

const level2 = (one: Enumerable) => ({
  ...level1(one),
  source: 0,
  bFullDesktop: true,
  sessionType: typeOf(one),
});

/** Throws `Refused` for a level that there is not. */
function mustBeLevel(level: number, most: number): void {
  if (level < 1 || level > most) throw new Refused('invalid-parameter');
}

const byHandle: readonly ServedCall[] = [
  hresultCall(
    openEnum,
    () => ({ phEnum: nullHandle }),
    ({ handles }) => ({ phEnum: handles.open(new Enumeration()), ...ok }),
  ),
  hresultCall(
    closeEnum,
    () => ({ phEnum: nullHandle }),
    ({ handles }, { phEnum }) => ({ phEnum: handles.close(phEnum, Enumeration), ...ok }),
  ),
  hresultCall(
    filterByState,
    () => ({}),
    ({ handles }, { hEnum, state, bInvert }) => {
      handles.held(hEnum, Enumeration).add((one) => (one.state === state) !== bInvert);
      return ok;
    },
  ),
  hresultCall(
    filterByCallersName,
    () => ({}),
    ({ handles, account }, { hEnum }) => {
      handles.held(hEnum, Enumeration).add(({ session }) => session?.account?.sid === account.sid);
      return ok;
    },
  ),
  hresultCall(
    enumAddFilter,
    () => ({}),
    ({ handles }, { hEnum, hSubEnum }) => {
      const { filters } = handles.held(hSubEnum, Enumeration);
      const added = [...filters];
      handles.held(hEnum, Enumeration).add((one) => added.every((filter) => filter(one)));
      return ok;
    },
  ),
  hresultCall(
    filterBySessionType,
    () => ({}),
    ({ handles }, { hEnum, pSessionType }) => {
      handles.held(hEnum, Enumeration).add((one) => typeOf(one) === pSessionType);
      return ok;
    },
  ),
];

const results: readonly ServedCall[] = [
  hresultCall(
    getEnumResult,
    () => ({ ppSessionEnumResult: null }),
    (caller, { hEnum, level }) => {
      const enumeration = caller.handles.held(hEnum, Enumeration);
      mustBeLevel(level, 2);
      const found = enumerated(caller).filter((one) => enumeration.passes(one));
      const ppSessionEnumResult = found.map((one) =>
        level === 1 ? { tag: 1 as const, value: level1(one) } : { tag: 2 as const, value: level2(one) },
      );
      return { ppSessionEnumResult, ...ok };
    },
  ),
  hresultCall(
    getEnumResultEx,
    () => ({ ppSessionEnumResult: null }),
    (caller, { hEnum, level }) => {
      const enumeration = caller.handles.held(hEnum, Enumeration);
      mustBeLevel(level, 3);
      const found = enumerated(caller).filter((one) => enumeration.passes(one));
      const ppSessionEnumResult = found.map((one) => {
        if (level === 1) return { tag: 1 as const, value: level1(one) };
        if (level === 2) return { tag: 2 as const, value: level2(one) };
        return { tag: 3 as const, value: { ...level2(one), pProtocolData: null } };
      });
      return { ppSessionEnumResult, ...ok };
    },
  ),
  hresultCall(
    getSessionIds,
    () => ({ pSessionIds: null }),
    (caller, { maxEntries }) => {
      const loggedOn = enumerated(caller).filter(({ session }) => session !== null && session.account !== null);
      return { pSessionIds: loggedOn.slice(0, maxEntries).map(({ id }) => id), ...ok };
    },
  ),
];

const environment = ({ host }: Caller, one: Enumerable) => ({
  execEnvId: one.id,
  state: one.state,
  sessionName: cutTo(one.name, 33),
  absSessionId: one.id,
  hostName: cutTo(host.name, 33),
  userName: one.session === null ? '' : cutTo(userOf(one.session), 33),
  domainName: one.session === null ? '' : cutTo(domainOf(one.session), 33),
  farmName: '',
});

/** A name of RpcGetAllSessionsEx, which holds 256 characters; null for none. */
const name256 = (name: string): string | null => (name === '' ? null : cutTo(name, 257));

const wholeHost: readonly ServedCall[] = [
  hresultCall(
    getAllSessions,
    ({ pLevel }) => ({ pLevel, ppSessionData: null }),
    (caller, { pLevel }) => {
      mustBeLevel(pLevel, 2);
      const ppSessionData = enumerated(caller).map((one) => {
        const value = environment(caller, one);
        return pLevel === 1 ? { tag: 1 as const, value } : { tag: 2 as const, value };
      });
      return { pLevel, ppSessionData, ...ok };
    },
  ),
  hresultCall(
    getAllSessionsEx,
    () => ({ ppSessionData: null }),
    (caller, { level }) => {
      mustBeLevel(level, 1);
      const ppSessionData = enumerated(caller).map((one) => ({
        tag: 1 as const,
        value: {
          execEnvId: one.id,
          state: one.state,
          absSessionId: one.id,
          pszSessionName: one.name.slice(0, 256),
          pszHostName: name256(caller.host.name),
          pszUserName: name256(one.session === null ? '' : userOf(one.session)),
          pszDomainName: name256(one.session === null ? '' : domainOf(one.session)),
          pszFarmName: null,
        },
      }));
      return { ppSessionData, ...ok };
    },
  ),
];

/** TermSrvEnumeration ([MS-TSTS] 3.3.4.3). */
export const termSrvEnumerationCalls: readonly ServedCall[] = [...byHandle, ...results, ...wholeHost];
