import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { UsherError } from '../../../sessions/errors.ts';
import type { Credential } from '../../credential.ts';
import { authenticate } from './authentication.ts';
import type { LogonMeans, LogonProgress } from './logon.ts';
import { dial } from './dial.ts';
import type { SshEnvironment } from './environment.ts';
import { forward } from './forward.ts';
import { hostKeyFailure } from './host-key-failure.ts';
import { chooseKeys } from './key-choice.ts';
import {
  type HostKeyVerdict,
  judgeHostKey,
  type KnownHost,
  type KnownHostName,
  knownHostName,
  knownKeyTypes,
} from './known-hosts.ts';
import { readKnownHosts } from './known-hosts-file.ts';
import { type Patience, startPatience } from './patience.ts';
import { readRevokedKeys } from './revoked-keys.ts';
import type { Hop } from './route.ts';
import { startClient } from './ssh-client.ts';

/** A connection to one machine on the way. */
export interface Link {
  readonly client: Client;
  readonly stream: Duplex;
}

/** What known_hosts says of a machine, and which keys are revoked for every one. */
export interface KnownOfHost {
  readonly known: readonly KnownHost[];
  readonly name: KnownHostName;
}

/** Who hears how far a connection comes. */
export interface HopWitness {
  /** Something took the connection. */
  reached(): void;
  /** The machine shows this key, and known_hosts says that of it. */
  shown(key: Buffer, verdict: HostKeyVerdict, name: KnownHostName): void;
  /** The logon begins; what is given grows as it goes on. */
  loggingOn(progress: LogonProgress): void;
}

/** Milliseconds. Name look-ups and PAM modules of the host are slow more often than its network is. */
const logonLimit = 30_000;

/** Connects to a machine, from here or through the one before it, checks its key and logs on. */
export async function openHop(
  hop: Hop,
  via: Client | null,
  environment: SshEnvironment,
  signal: AbortSignal,
  witness: HopWitness | null = null,
): Promise<Link> {
  const { settings } = hop;
  const { known, name } = await readKnownOf(hop);
  using patience = hopPatience(hop);
  const within = AbortSignal.any([signal, patience.signal]);
  const stream = await reach(hop, via, within);
  witness?.reached();
  const logonOver = new AbortController();
  const means = {
    ...logonMeans(hop, environment, patience, AbortSignal.any([within, logonOver.signal])),
    begun: (progress: LogonProgress) => witness?.loggingOn(progress),
  };
  try {
    const client = await startClient(
      {
        stream,
        settings,
        knownTypes: knownKeyTypes(known, name),
        refuseKey: (key) => {
          const verdict = judgeHostKey(known, name, key);
          witness?.shown(key, verdict, name);
          return hostKeyFailure(verdict, key, name);
        },
        onHandshake: () => patience.renew(logonLimit),
        authenticate: (connection) => authenticate(means, connection),
        until: 'ready',
      },
      within,
    );
    return { client, stream };
  } finally {
    logonOver.abort();
  }
}

/** Connects to a machine, takes the key that it proves to have, and hangs up. */
export async function readHopKey(hop: Hop, via: Client | null, of: KnownOfHost, signal: AbortSignal): Promise<Buffer> {
  using patience = hopPatience(hop);
  const within = AbortSignal.any([signal, patience.signal]);
  const stream = await reach(hop, via, within);
  let shown: Buffer = Buffer.alloc(0);
  const client = await startClient(
    {
      stream,
      settings: hop.settings,
      knownTypes: knownKeyTypes(of.known, of.name),
      refuseKey: (key) => {
        shown = key;
        return null;
      },
      authenticate: () => () => {},
      until: 'handshake',
    },
    within,
  );
  client.end();
  stream.destroy();
  return shown;
}

export async function readKnownOf(hop: Hop): Promise<KnownOfHost> {
  const { userKnownHostsFiles, systemKnownHostsFiles, hostName, port, hostKeyAlias } = hop.settings;
  const revoked = await readRevokedKeys(hop.settings.revokedHostKeys);
  return {
    known: [...revoked, ...(await readKnownHosts([...userKnownHostsFiles, ...systemKnownHostsFiles]))],
    name: knownHostName(hostName, port, hostKeyAlias),
  };
}

function reach(hop: Hop, via: Client | null, signal: AbortSignal): Promise<Duplex> {
  const { hostName, port } = hop.settings;
  return via === null ? dial(hostName, port, signal) : forward(via, hostName, port, signal);
}

function hopPatience({ settings }: Hop): Patience {
  return startPatience(settings.connectTimeout, () => {
    const message = `${settings.hostName} port ${settings.port} did not answer in time`;
    return new UsherError({ code: 'timeout', message });
  });
}

/** The means of a hop, with the clock stopped wherever a person may be asked: also an agent may ask one. */
function logonMeans(hop: Hop, environment: SshEnvironment, patience: Patience, signal: AbortSignal): LogonMeans {
  const { settings, credential, host } = hop;
  const patient: Credential = {
    user: credential.user,
    identityFiles: credential.identityFiles,
    password: (of, user) => credential.password(of, user),
    sudoPassword: (of, user) => credential.sudoPassword(of, user),
    passphrase: (file) => patience.whileStopped(() => credential.passphrase(file)),
  };
  return {
    user: settings.user,
    hostName: settings.alias,
    methods: settings.logonMethods,
    password: () => patience.whileStopped(() => credential.password(host, settings.user)),
    keys: async () => {
      const choice = await chooseKeys(settings, patient, environment, signal);
      const keys = choice.keys.map((key) => ({
        ...key,
        sign: ((data, hash) => patience.whileStopped(() => key.sign(data, hash))) satisfies typeof key.sign,
      }));
      return { ...choice, keys };
    },
  };
}
