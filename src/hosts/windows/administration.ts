import type { Milliseconds } from '../../sessions/duration.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { Host } from '../../sessions/host.ts';
import type { HostAdministration } from '../administration.ts';
import { usualLastingDrain } from './administration/drain-values.ts';
import { invite } from './administration/invitation.ts';
import { readListeners, remoteDesktopOff, switchListener } from './administration/listeners.ts';
import { readLogonMode, writeLogonMode } from './administration/logon-mode.ts';
import { inRegistry } from './administration/in-registry.ts';
import { shutDown } from './administration/shutdown.ts';
import type { ActingHost } from './act.ts';
import { whileAlive } from './alive.ts';
import type { OpenPipe, RpcPipe } from './rpc-pipe.ts';
import type { SmbClient } from './smb-client.ts';

/** Work on the connection that an abort ends together with it; its failures are told with the host and the operation. */
export type InTime = <T>(operation: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** A host's kept connection, as far as the host itself is administered over it. */
export interface AdministeredHost extends ActingHost {
  readonly host: Host;
  readonly smb: SmbClient;
  readonly open: OpenPipe;
  readonly after: (delay: Milliseconds, work: () => void) => Disposable;
}

/** What is done to a Windows host itself. Pipes that only this needs are open for as long as it takes. */
export function administrationOf(
  { host, smb, pipes, open, reader, after }: AdministeredHost,
  inTime: InTime,
): HostAdministration {
  const { lastingDrain = usualLastingDrain } = host;
  return {
    listeners: (signal) => inTime('listing listeners', signal, async () => readListeners(rcmOf(pipes.rcm))),
    setListener(name, listening, signal) {
      const operation = listening ? 'starting a listener' : 'stopping a listener';
      return inTime(operation, signal, async () => switchListener({ open, rcm: rcmOf(pipes.rcm) }, name, listening));
    },
    logonMode: (signal) =>
      inTime('reading who may log on', signal, () =>
        inRegistry({ host, open }, (registry) => readLogonMode(registry, lastingDrain)),
      ),
    setLogonMode: (mode, signal) =>
      inTime('setting who may log on', signal, () =>
        inRegistry({ host, open }, (registry) => writeLogonMode(registry, mode, lastingDrain)),
      ),
    shutdown: (kind, signal) => inTime('shutting down', signal, async () => shutDown(there(pipes.ica), kind)),
    invitation: (target, request, signal) =>
      inTime('inviting to a session', signal, () =>
        whileAlive({ smb, after }, () => invite({ host, pipes, open, reader }, target, request)),
      ),
  };
}

function rcmOf(rcm: RpcPipe | UsherError): RpcPipe {
  if (!(rcm instanceof UsherError) || rcm.code !== 'unsupported') return there(rcm);
  throw new UsherError({ code: 'unsupported', ...remoteDesktopOff, cause: rcm });
}

function there(pipe: RpcPipe | UsherError): RpcPipe {
  if (pipe instanceof UsherError) throw pipe;
  return pipe;
}
