import { milliseconds, type Milliseconds } from '../../sessions/duration.ts';
import { UsherError, withContext } from '../../sessions/errors.ts';
import type { Host } from '../../sessions/host.ts';
import { icaApi, rcmPublic, termSrvEnumeration, termSrvSession } from '../../wire/ms-tsts/interfaces.ts';
import type { LogonInitiator } from '../../wire/security/mechanism.ts';
import type { Credential } from '../credential.ts';
import { connectingTo } from '../connecting.ts';
import type { HostConnection, HostDriver } from '../driver.ts';
import { kept } from './connection.ts';
import type { Dial } from './dial.ts';
import { fileTimeOf } from './filetime.ts';
import { accountOf, initiatorFor, type LogonSurroundings, type WindowsAccount } from './logon.ts';
import { pipeOpener, targetOf } from './reaching.ts';
import type { HostPipes } from './host-pipes.ts';
import { HostReader } from './reader.ts';
import type { OpenPipe, RpcPipe } from './rpc-pipe.ts';
import { SmbClient } from './smb-client.ts';
import { WatchLoad } from './watch-load.ts';

/** What the driver needs of the machine that it runs on. */
export interface WindowsSurroundings extends LogonSurroundings {
  readonly dial: Dial;
  readonly after: After;
  /** How long a host may take to connect to and to list, of which one call may have a fifth; {@link usualTimeout} where nothing is said. */
  readonly timeout?: Milliseconds;
}

type After = (delay: Milliseconds, work: () => void) => Disposable;

const usualTimeout = milliseconds(15_000);

/** What part of its host's time a call may take until it costs its column. */
const share = 0.2;

/** Windows session hosts, by their own protocols: MS-TSTS over DCE/RPC over SMB. Nothing is installed or written there. */
export function windowsDriver(surroundings: WindowsSurroundings): HostDriver {
  const load = new WatchLoad(surroundings.random);
  return {
    schemes: ['windows'],
    async *examine(host, credential, signal) {
      const [{ examineHost }, { lookUp }] = await Promise.all([
        import('./doctor/examine.ts'),
        import('./doctor/name.ts'),
      ]);
      yield* examineHost({ host, credential, surroundings, lookUp, signal });
    },
    async connect(host, credential, signal) {
      try {
        return await connect(host, credential, { ...surroundings, load }, signal);
      } catch (error) {
        throw error instanceof UsherError
          ? withContext(error, { host: host.name, operation: connectingTo(host) })
          : error;
      }
    },
  };
}

async function connect(
  host: Host,
  credential: Credential,
  surroundings: WindowsSurroundings & { readonly load: WatchLoad },
  signal: AbortSignal,
): Promise<HostConnection> {
  const { url } = host;
  if (url.scheme === 'local') throw new TypeError('local: is no Windows host');
  let account: Promise<WindowsAccount> | null = null;
  // The host tells its clock before it is known who logs on, which a person may have to be asked for.
  let told = surroundings.now();
  const initiate = (service: string) => async (): Promise<LogonInitiator> => {
    if (service === 'cifs') told = surroundings.now();
    account ??= accountOf(host, credential);
    return initiatorFor(await account, `${service}/${url.address}`, surroundings);
  };
  const smb = await SmbClient.connect({ ...targetOf(url, surroundings), initiate: initiate('cifs') }, signal);
  const began = told;
  const abort = (): void => smb.end(new UsherError({ code: 'timeout', message: 'the host did not answer in time' }));
  credential.accepted?.();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const open = pipeOpener(smb, initiate('host'));
    const pipes = await openPipes(smb, open);
    const { systemTime } = await smb.ready;
    const hostNow = (): bigint => systemTime + (fileTimeOf(surroundings.now()) - fileTimeOf(began));
    const { after, load, timeout = usualTimeout } = surroundings;
    const reader = new HostReader(pipes, { hostNow, after: afterHearing(after) }, milliseconds(timeout * share));
    return kept({ host, smb, pipes, open, reader, after, load });
  } catch (error) {
    smb.end(new UsherError({ code: 'connection_lost', message: 'the connection was given up' }));
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** What came while this program was busy is heard before a host is taken for silent. */
const afterHearing =
  (after: After): After =>
  (delay, work) => {
    let timer = after(delay, () => {
      timer = after(milliseconds(0), work);
    });
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  };

/** All pipes at once. Only LSM's is needed for a list. */
async function openPipes(smb: SmbClient, open: OpenPipe): Promise<HostPipes> {
  const orReason = async (opening: Promise<RpcPipe>): Promise<RpcPipe | UsherError> => {
    try {
      return await opening;
    } catch (error) {
      if (!(error instanceof UsherError) || smb.lost !== null) throw error;
      return error;
    }
  };
  const [lsm, rcm, ica] = await Promise.all([
    open(termSrvSession, termSrvEnumeration),
    orReason(open(rcmPublic)),
    orReason(open(icaApi)),
  ]);
  return { lsm, rcm, ica };
}
