import type { HostUrl } from '../../sessions/host.ts';
import { UsherError } from '../../sessions/errors.ts';
import type { LogonInitiator } from '../../wire/security/mechanism.ts';
import type { LogonSurroundings } from './logon.ts';
import { type OpenPipe, RpcPipe } from './rpc-pipe.ts';
import type { SmbClient, SmbTarget } from './smb-client.ts';

/** SMB over TCP (MS-SMB2 1.9). */
const smbPort = 445;

/** Where a host is spoken to, and with what a connection is made. What must be new for each is new at every call. */
export function targetOf(
  url: Exclude<HostUrl, { readonly scheme: 'local' }>,
  { random, dial }: Pick<LogonSurroundings, 'random'> & Pick<SmbTarget, 'dial'>,
): Omit<SmbTarget, 'initiate'> {
  return {
    dial,
    address: url.address,
    port: url.port ?? smbPort,
    parameters: {
      serverName: url.address,
      clientGuid: random(16),
      salt: random(32),
      nonceStart: Buffer.from(random(8)).readBigUInt64BE(),
    },
  };
}

/** Opens pipes with a logon of its own inside RPC for each. */
export function pipeOpener(smb: SmbClient, initiate: () => Promise<LogonInitiator>): OpenPipe {
  return async (...interfaces) => {
    try {
      return await RpcPipe.open(smb, interfaces, { type: 'negotiate', initiator: await initiate() });
    } catch (error) {
      throw smb.lost === null ? notByThePassword(error) : error;
    }
  };
}

/** SMB let the account in: what RPC refuses it afterwards is this host's affair, and says nothing of its password. */
function notByThePassword(error: unknown): unknown {
  if (!(error instanceof UsherError) || error.code !== 'logon_failed') return error;
  return new UsherError({ code: 'access_denied', message: 'RPC refuses the account that SMB let in', cause: error });
}
