import type { ActTarget, Presence } from '../../../src/hosts/act.ts';
import type { HostConnection } from '../../../src/hosts/driver.ts';
import { xrdpDriver } from '../../../src/hosts/xrdp/driver.ts';
import { parseHostUrl } from '../../../src/sessions/host.ts';
import type { Session } from '../../../src/sessions/session.ts';
import type { Lab } from '../lab.ts';
import { until } from './until.ts';

export const patience = (): AbortSignal => AbortSignal.timeout(20_000);

const noSecrets = {
  user: null,
  identityFiles: [],
  password: async () => null,
  passphrase: async () => null,
  sudoPassword: async () => null,
};

/** The driver's own connection to a host of the lab. */
export async function connectDriver(lab: Lab, host: string, user = 'root'): Promise<HostConnection> {
  const ssh = {
    home: lab.home,
    account: 'root',
    uid: 0,
    machine: 'lab',
    platform: 'posix',
    variables: {},
    configFile: `${lab.home}/.ssh/config`,
    systemDirectory: '/etc/ssh',
    jumpCredential: null,
  } as const;
  const url = parseHostUrl(`ssh://${user}@${lab.host(host).address}`);
  const surroundings = { ssh, platform: 'linux', localUser: 'root', now: () => Temporal.Now.instant() };
  return xrdpDriver(surroundings).connect({ name: host, url }, noSecrets, patience());
}

export async function sessionOf(connection: HostConnection, user: string): Promise<Session> {
  const { sessions } = await connection.list(patience());
  const session = sessions.find((candidate) => candidate.user === user);
  if (session === undefined) throw new Error(`there is no session of ${user}`);
  return session;
}

export const targetOf = ({ identity, id }: Session, traces: readonly string[] = []): ActTarget => ({
  identity,
  id,
  reason: null,
  traces,
});

/** The same target with what is known of it now. */
export async function tracked(connection: HostConnection, target: ActTarget): Promise<ActTarget> {
  const presence = await connection.presence(target, patience());
  if (presence.kind !== 'there') throw new Error(`the session is ${presence.kind}`);
  return { ...target, traces: presence.traces };
}

export async function settled(connection: HostConnection, target: ActTarget, kind: Presence['kind']): Promise<boolean> {
  return until(async () => (await connection.presence(target, patience())).kind === kind, {
    what: `the session to be ${kind}`,
    timeoutMs: 8000,
  });
}
