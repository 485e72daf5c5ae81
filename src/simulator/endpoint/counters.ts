import type { SimulatedHost } from '../world/host.ts';
import { isConnected } from '../world/session.ts';

/** TS_COUNTER ([MS-TSTS] 2.2.2.17). */
interface Counter {
  readonly counterHead: { readonly dwCounterID: number; readonly bResult: boolean };
  readonly dwValue: number;
  readonly startTime: bigint;
}

/** The counters that are asked for. One that is not known is told to be none: its id becomes zero. */
export function countersOf(host: SimulatedHost, asked: readonly Counter[]): readonly Counter[] {
  const values = valuesOf(host);
  return asked.map(({ counterHead: { dwCounterID } }) => {
    const value = values.get(dwCounterID);
    if (value === undefined) return { counterHead: { dwCounterID: 0, bResult: false }, dwValue: 0, startTime: 0n };
    return { counterHead: { dwCounterID, bResult: true }, dwValue: value, startTime: host.bootedAt };
  });
}

/** TERMSRV_TOTAL_SESSIONS and its like ([MS-TSTS] 2.2.2.17.1) → how many. */
function valuesOf(host: SimulatedHost): ReadonlyMap<number, number> {
  const { total, disconnected, reconnected, logons } = host.tally;
  const sessions = host.allSessions();
  const count = (fits: (one: (typeof sessions)[number]) => boolean): number => sessions.filter(fits).length;
  return new Map([
    [1, total],
    [2, disconnected],
    [3, reconnected],
    [4, count(({ state }) => state === 'active')],
    [5, count(({ state, kind }) => state === 'disconnected' && kind !== 'services')],
    [6, count((one) => isConnected(one) && one.account === null && one.protocol !== 'console')],
    [7, logons],
    [8, 0],
    [9, logons],
    [10, 0],
    [11, count(({ ending }) => ending !== null)],
    [12, count(({ account }) => account !== null)],
  ]);
}
