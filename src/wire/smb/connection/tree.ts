import type { UsherError } from '../../../sessions/errors.ts';
import { decode, encode } from '../../bytes/codec.ts';
import { noFile } from '../messages/file-id.ts';
import { ctlCode, ioctl, isFsctl } from '../messages/ioctl.ts';
import type { NegotiateRequest } from '../messages/negotiate.ts';
import { dialectOf, isSmb3 } from '../keys/dialects.ts';
import { shareFlag, shareType, treeConnect } from '../messages/tree-connect.ts';
import { validateNegotiateInfoRequest, validateNegotiateInfoResponse } from '../messages/validate-negotiate-info.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import type { Exchange } from './exchange.ts';
import { broken, failureOf, UnprotectedFailure } from './failures.ts';
import type { Agreement } from './negotiation.ts';

export interface TreeFacts {
  readonly exchange: Exchange;
  readonly agreement: Agreement;
  readonly offered: NegotiateRequest;
  readonly serverName: string;
  /** The tree is connected, and nobody changed the negotiation on its way. */
  readonly done: () => void;
}

/** Connects to IPC$, where the pipes are (MS-SMB2 3.2.4.2.4), and has the negotiation confirmed. */
export function connectTree(facts: TreeFacts): void {
  const { exchange, agreement, offered, serverName, done } = facts;
  const request = { flags: 0, path: `\\\\${serverName}\\IPC$` };
  exchange.ask(
    { command: treeConnect, request, urgent: true },
    {
      answered({ header, body }) {
        if (body === null) throw failureOf(header.status, 'connecting to IPC$');
        if (header.asyncId !== null) throw broken('the host connected IPC$ without a TreeId');
        if (body.shareType !== shareType.pipe) throw broken('the host says that IPC$ holds no pipes');
        if ((body.shareFlags & shareFlag.encryptData) !== 0 && agreement.cipher === null) {
          throw new UnprotectedFailure('encryption', 'IPC$ demands encryption, and no cipher was agreed upon');
        }
        exchange.treeId = header.treeId;
        const knewSmb3 = offered.dialects.some((revision) => isSmb3(dialectOf(revision) ?? '2.0.2'));
        if (agreement.dialect === '3.1.1' || !knewSmb3) done();
        else validateNegotiation(facts);
      },
    },
  );
}

/** Asks the server, signed, what was negotiated in the open (3.2.5.5). The hash of SMB 3.1.1 makes it needless there. */
function validateNegotiation({ exchange, agreement, offered, done }: TreeFacts): void {
  const { capabilities, clientGuid: guid, securityMode, dialects } = offered;
  const ask = {
    command: ioctl,
    request: {
      ctlCode: ctlCode.validateNegotiateInfo,
      fileId: noFile,
      input: encode(validateNegotiateInfoRequest, { capabilities, guid, securityMode, dialects }),
      maxInputResponse: 0,
      maxOutputResponse: 24,
      flags: isFsctl,
    },
    urgent: true,
  };
  exchange.ask(ask, {
    answered({ header, body }) {
      if (header.status === ntStatus.STATUS_ACCESS_DENIED) throw changed();
      if (body !== null) judge(agreement, body.output);
      done();
    },
  });
}

function judge({ response }: Agreement, output: Uint8Array): void {
  const told = decode('VALIDATE_NEGOTIATE_INFO response', validateNegotiateInfoResponse, output);
  const isSame =
    told.capabilities === response.capabilities &&
    told.securityMode === response.securityMode &&
    told.dialect === response.dialectRevision &&
    Buffer.from(told.guid).equals(response.serverGuid);
  if (!isSame) throw changed();
}

const changed = (): UsherError => broken('somebody changed the SMB negotiation on its way: this is an attack');
