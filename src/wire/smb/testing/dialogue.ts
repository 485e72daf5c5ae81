import { decode, encode } from '../../bytes/codec.ts';
import { SmbConnection } from '../connection/connection.ts';
import type { SmbEvent } from '../connection/events.ts';
import type { ConnectionParameters } from '../connection/parameters.ts';
import { isSmb3 } from '../keys/dialects.ts';
import { cancel } from '../messages/cancel.ts';
import { close } from '../messages/close.ts';
import { create } from '../messages/create.ts';
import { echo } from '../messages/echo.ts';
import { ctlCode, ioctl } from '../messages/ioctl.ts';
import { logoff } from '../messages/logoff.ts';
import { dialectRevision, globalCapability, negotiate, type NegotiateResponse } from '../messages/negotiate.ts';
import { cipherId, signingAlgorithmId } from '../messages/negotiate-context.ts';
import { read } from '../messages/read.ts';
import { sessionSetup } from '../messages/session-setup.ts';
import { shareType, treeConnect } from '../messages/tree-connect.ts';
import { validateNegotiateInfoRequest, validateNegotiateInfoResponse } from '../messages/validate-negotiate-info.ts';
import { write } from '../messages/write.ts';
import { ntStatus } from '../../ms-erref/ntstatus.ts';
import { TwoTokens } from './initiator.ts';
import { bodyOf, type Handler, type Script, ScriptedServer, sessionId } from './server.ts';

export const pipe = { persistent: 0x11n, volatile: 0x22n };
const serverGuid = new Uint8Array(16).fill(0x5e);

/** What the server says in its NEGOTIATE response. */
export function negotiateResponse({ dialect, cipher, signingAlgorithm }: Script): NegotiateResponse {
  const encrypts = cipher !== null && isSmb3(dialect) && dialect !== '3.1.1' ? globalCapability.encryption : 0;
  const ciphers = [cipher === null ? cipherId.none : cipherId[cipher]];
  return {
    securityMode: 1,
    dialectRevision: dialectRevision[dialect],
    serverGuid,
    capabilities: encrypts | (dialect === '2.0.2' ? 0 : globalCapability.largeMtu),
    maxTransactSize: 0x100000,
    maxReadSize: 0x100000,
    maxWriteSize: 0x100000,
    systemTime: 0n,
    serverStartTime: 0n,
    securityBuffer: Buffer.from('offer'),
    negotiateContexts:
      dialect === '3.1.1'
        ? [
            { kind: 'preauthIntegrity', hashAlgorithms: [1], salt: new Uint8Array(32) },
            { kind: 'encryption', ciphers },
            { kind: 'signing', signingAlgorithms: [signingAlgorithmId[signingAlgorithm]] },
          ]
        : [],
  };
}

/** A server that does as it should. */
export const wellBehaved: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [
    negotiate.code,
    (request, server) => {
      const message = server.plain(request, negotiate.response, negotiateResponse(server.script));
      server.hash(request.message);
      server.hash(message);
      return [server.seal(request, message)];
    },
  ],
  [
    sessionSetup.code,
    (request, server) => {
      const token = Buffer.from(bodyOf(request, sessionSetup).securityBuffer).toString();
      const isFirst = token === 'token 1';
      const isNew = server.keys === null;
      if (isNew) server.hash(request.message);
      if (isNew && !isFirst) server.establish();
      const status = isFirst ? ntStatus.STATUS_MORE_PROCESSING_REQUIRED : ntStatus.STATUS_SUCCESS;
      const value = { sessionFlags: 0, securityBuffer: Buffer.from(isFirst ? 'challenge' : 'accepted') };
      const message = server.plain(request, sessionSetup.response, value, { status, sessionId });
      if (isNew && isFirst) server.hash(message);
      return [server.seal({ isEncrypted: request.isEncrypted, isSigned: true }, message)];
    },
  ],
  [
    treeConnect.code,
    (request, server) => {
      const value = { shareType: shareType.pipe, shareFlags: 0x30, capabilities: 0, maximalAccess: 0x1f01ff };
      return [server.answer(request, treeConnect, value, { asyncId: null, reserved: 0, treeId: 5 })];
    },
  ],
  [
    create.code,
    (request, server) => {
      const times = { creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };
      const sizes = { allocationSize: 4096n, endOfFile: 0n, fileAttributes: 0x80, createAction: 1 };
      return [server.answer(request, create, { oplockLevel: 0, flags: 0, ...times, ...sizes, fileId: pipe })];
    },
  ],
  [
    read.code,
    (request, server) => {
      const value = { data: Buffer.from('what was read'), dataRemaining: 0, flags: 0 };
      return [server.answer(request, read, value)];
    },
  ],
  [write.code, (request, server) => [server.answer(request, write, { count: bodyOf(request, write).data.length })]],
  [
    ioctl.code,
    (request, server) => {
      const { ctlCode: code, fileId, input } = bodyOf(request, ioctl);
      const none = new Uint8Array();
      const output = code === ctlCode.pipeTransceive ? input.toReversed() : none;
      const { capabilities, dialectRevision: dialect, securityMode } = negotiateResponse(server.script);
      if (code !== ctlCode.validateNegotiateInfo) {
        return [server.answer(request, ioctl, { ctlCode: code, fileId, input: none, output })];
      }
      decode('request', validateNegotiateInfoRequest, input);
      const told = encode(validateNegotiateInfoResponse, { capabilities, guid: serverGuid, securityMode, dialect });
      return [server.answer(request, ioctl, { ctlCode: code, fileId, input: none, output: told })];
    },
  ],
  [
    close.code,
    (request, server) => {
      const times = { creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };
      return [
        server.answer(request, close, { flags: 0, ...times, allocationSize: 0n, endOfFile: 0n, fileAttributes: 0 }),
      ];
    },
  ],
  [echo.code, (request, server) => [server.answer(request, echo, null)]],
  [logoff.code, (request, server) => [server.answer(request, logoff, null)]],
  [cancel.code, () => []],
]);

export const usualScript: Script = { dialect: '3.1.1', cipher: 'aes128Gcm', signingAlgorithm: 'aesGmac', credits: 8 };

export interface DialogueFacts {
  readonly script?: Partial<Script>;
  readonly parameters?: Partial<ConnectionParameters>;
  /** By command code: what the server does otherwise. */
  readonly handlers?: readonly (readonly [code: number, handler: Handler])[];
}

/** A connection and a server, and whatever they tell each other. */
export class Dialogue {
  readonly connection: SmbConnection;
  readonly server: ScriptedServer;
  readonly events: SmbEvent[] = [];

  constructor({ script, parameters, handlers = [] }: DialogueFacts = {}) {
    this.server = new ScriptedServer({ ...usualScript, ...script }, new Map([...wellBehaved, ...handlers]));
    this.connection = new SmbConnection({
      serverName: 'host.example',
      initiator: new TwoTokens(),
      clientGuid: new Uint8Array(16).fill(0xc1),
      salt: new Uint8Array(32).fill(0x5a),
      nonceStart: 7n,
      ...parameters,
    });
    this.run();
  }

  /** Until neither has anything to say. Gives what happened meanwhile. */
  run(): readonly SmbEvent[] {
    const before = this.events.length;
    for (;;) {
      const { send, events } = this.connection.take();
      this.events.push(...events);
      if (send.length === 0) return this.events.slice(before);
      for (const sent of send) {
        for (const answer of this.server.receive(sent)) this.connection.receive(answer);
      }
    }
  }

  /** The last event, and what it says. */
  get last(): SmbEvent | undefined {
    return this.events.at(-1);
  }
}
