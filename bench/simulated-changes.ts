import { disconnect } from '../src/simulator/world/acts/disconnect.ts';
import { logOff } from '../src/simulator/world/acts/log-off.ts';
import { logOn } from '../src/simulator/world/acts/log-on.ts';
import type { Account } from '../src/simulator/world/account.ts';
import { user } from '../src/simulator/world/actor.ts';
import type { SimulatedHost } from '../src/simulator/world/host.ts';
import type { Program } from '../src/simulator/world/process.ts';
import type { SimulatedClient } from '../src/simulator/world/session.ts';

/** Somebody who comes and goes. */
export interface Visitor {
  readonly account: Account;
  readonly client: SimulatedClient;
  readonly programs: readonly Program[];
}

export interface ChangeFacts {
  readonly hosts: readonly SimulatedHost[];
  readonly visitors: readonly Visitor[];
  readonly perSecond: number;
  readonly seconds: number;
}

/** One change in so many is a logoff instead of a disconnection. */
const logoffs = 5;
/** How often it is looked whether the next one is due, in milliseconds. */
const look = 5;

/** Lets people at random hosts log on, disconnect, come back and log off, so often a second, in real time. */
export function change({ hosts, visitors, perSecond, seconds }: ChangeFacts): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const began = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const elapsed = (performance.now() - began) / 1000;
    for (const due = Math.min(elapsed, seconds) * perSecond; done < due; ) {
      if (changeOne(any(hosts), any(visitors))) done += 1;
    }
    if (elapsed < seconds) return;
    clearInterval(timer);
    resolve();
  }, look);
  return promise;
}

/** Whether anything came of it. */
function changeOne(host: SimulatedHost, { account, client, programs }: Visitor): boolean {
  const own = [...host.sessions.values()].find((session) => session.account === account);
  if (own?.ending !== undefined && own.ending !== null) return false;
  if (own?.state !== 'active') return logOn(host, { account, client, programs }).kind !== 'refused';
  const act = Math.random() * logoffs < 1 ? logOff : disconnect;
  return act(host, own, user(account)).kind === 'done';
}

const any = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)] as T;
