import { type Seconds, seconds, toMilliseconds } from '../../sessions/duration.ts';
import { parseBehaviour } from '../behaviours/behaviours.ts';
import { fileTimeOf, ticksOf } from '../clock/simulated-clock.ts';
import { SteppedClock } from '../clock/stepped-clock.ts';
import { wellKnownSid } from '../security/sid.ts';
import { account, AccountDirectory } from '../world/account.ts';
import type { HostFacts, SimulatedHost } from '../world/host.ts';
import { LedgerBook } from '../world/ledger.ts';
import type { Subscription } from '../world/notifications.ts';
import { notificationId } from '../../wire/ms-tsts/term-srv-notification/register-async-notification.ts';
import { placeSession, type PlacedSession } from '../world/place-session.ts';
import { startHost } from '../world/power.ts';
import type { SimulatedClient, SimulatedSession } from '../world/session.ts';

const domainSid = 'S-1-5-21-3623811015-3361044348-30300820';
const { administrators, remoteDesktopUsers } = wellKnownSid;

export const accounts = {
  anna: account({
    name: 'anna',
    domain: 'CORP',
    sid: `${domainSid}-500`,
    password: 'Geheim1!',
    groups: [administrators],
  }),
  bob: account({
    name: 'bob',
    domain: 'CORP',
    sid: `${domainSid}-1101`,
    password: 'Geheim2!',
    groups: [remoteDesktopUsers],
  }),
  alice: account({
    name: 'alice',
    domain: 'CORP',
    sid: `${domainSid}-1102`,
    password: 'Geheim3!',
    groups: [remoteDesktopUsers],
  }),
  /** In no group at all. */
  nobody: account({ name: 'nobody', domain: 'CORP', sid: `${domainSid}-1103`, password: 'Geheim4!' }),
} as const;

export const start = fileTimeOf(Temporal.Instant.from('2026-03-02T14:00:00Z'));
const bootedAt = fileTimeOf(Temporal.Instant.from('2026-02-23T06:00:00Z'));

export const ago = (before: Seconds): bigint => start - ticksOf(toMilliseconds(before));

export const aClient: SimulatedClient = {
  name: 'PC-ALICE',
  address: '192.0.2.17',
  width: 1920,
  height: 1080,
  colorDepth: 32,
  build: 26_100,
  timeZone: 'Romance Standard Time',
};

export interface World {
  readonly clock: SteppedClock;
  readonly ledger: LedgerBook;
  readonly host: SimulatedHost;
}

/** A host at `start`, up for a week, nobody on it. */
export function aWorld(facts: Partial<HostFacts> & { readonly behaves?: readonly string[] } = {}): World {
  const { behaves = [], ...rest } = facts;
  const clock = new SteppedClock(start);
  const ledger = new LedgerBook();
  const host = startHost(
    {
      name: 'TS01',
      domain: 'CORP',
      dnsDomain: 'corp.example',
      accounts: new AccountDirectory(Object.values(accounts)),
      behaviours: behaves.map((text) => parseBehaviour(text, 'host')),
      ...rest,
    },
    { clock, ledger },
    bootedAt,
  );
  return { clock, ledger, host };
}

/** Alice's session, active, with Excel and Word. */
export function anActiveSession(
  host: SimulatedHost,
  facts: Partial<PlacedSession> & { readonly behaves?: readonly string[] } = {},
): SimulatedSession {
  const { behaves = [], ...rest } = facts;
  return placeSession(host, {
    account: accounts.alice,
    state: 'active',
    loggedOnAt: ago(seconds(3600)),
    lastInputAt: ago(seconds(90)),
    client: aClient,
    programs: [
      { image: 'EXCEL.EXE', workingSet: 419_430_400 },
      { image: 'WINWORD.EXE', workingSet: 209_715_200 },
    ],
    behaviours: behaves.map((text) => parseBehaviour(text, 'session')),
    ...rest,
  });
}

/** Why each session of the ledger ended, by its id. */
export function endings({ ledger }: World): readonly (readonly [id: number | null, cause: string])[] {
  return ledger.entries.flatMap(({ session, what }) =>
    what.kind === 'ended' ? [[session?.id ?? null, what.cause] as const] : [],
  );
}

/** What somebody is told, by the names of TNotificationId: `4 logoff`. */
export function heard(subscription: Subscription): readonly string[] {
  const names = Object.entries(notificationId);
  return subscription
    .take()
    .map(({ sessionId, notificationId: told }) => `${sessionId} ${names.find(([, id]) => id === told)?.[0]}`);
}

export function processNamed(host: SimulatedHost, session: SimulatedSession, image: string) {
  const found = host.processesOf(session.id).find((process) => process.image === image);
  if (found === undefined) throw new Error(`session ${session.id} runs no ${image}`);
  return found;
}
