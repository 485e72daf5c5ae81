import { UsherError } from '../../../sessions/errors.ts';
import { closeServer } from '../../../wire/ms-tsts/ica-api/close-server.ts';
import { openServer } from '../../../wire/ms-tsts/ica-api/open-server.ts';
import { shutdownFlag, shutdownSystem } from '../../../wire/ms-tsts/ica-api/shutdown-system.ts';
import type { ActReport } from '../../act.ts';
import type { ShutdownKind } from '../../administration.ts';
import { failureOfIcaApi } from '../results.ts';
import type { RpcPipe } from '../rpc-pipe.ts';

/** The flags of [MS-TSTS] 3.7.4.1.14, by how a host goes down. Sessions are logged off first, whatever their programs say. */
const flagsOf: Readonly<Record<ShutdownKind, number>> = {
  shutdown: shutdownFlag.logoff | shutdownFlag.shutdown,
  restart: shutdownFlag.logoff | shutdownFlag.shutdown | shutdownFlag.reboot,
  'power-off': shutdownFlag.logoff | shutdownFlag.shutdown | shutdownFlag.powerOff,
};

/** The session that asks; a host that is asked from elsewhere ignores it. */
const noSession = 0;

/** Asks the host to go down. Throws `UsherError`; what is lost after the request left may have been obeyed all the same. */
export async function shutDown(ica: RpcPipe, kind: ShutdownKind): Promise<ActReport> {
  const opening = 'opening the WinStation service';
  const server = await ica.call(openServer, {}, { operation: opening });
  succeed(failureOfIcaApi(server, opening));
  const { phServer: hServer } = server;
  try {
    const operation = `asking the host for a ${kind}`;
    const request = { hServer, clientLogonId: noSession, shutdownFlags: flagsOf[kind] };
    succeed(withPrivilege(failureOfIcaApi(await ica.call(shutdownSystem, request, { operation }), operation)));
    return { did: [`${shutdownSystem.name} (${kind})`] };
  } finally {
    ica.call(closeServer, { hServer }, { operation: 'closing the WinStation service' }).catch(() => undefined);
  }
}

/** Who may shut down from elsewhere is a privilege of its own. */
function withPrivilege(failure: UsherError | null): UsherError | null {
  if (failure?.code !== 'access_denied') return failure;
  return new UsherError({
    code: failure.code,
    message: failure.message,
    hint: 'the account needs the right "Force shutdown from a remote system" (SeRemoteShutdownPrivilege), which secpol.msc shows under User Rights Assignment',
  });
}

function succeed(failure: UsherError | null): void {
  if (failure !== null) throw failure;
}
