import { NtlmClient } from '../../../ntlm/client.ts';
import { clientFacts } from '../../../ntlm/testing/logon.ts';
import type { SecurityContext } from '../../../security/context.ts';
import type { LogonInitiator } from '../../../security/mechanism.ts';
import { frame, takeFrame } from '../../frames.ts';
import type { Cipher } from '../../keys/algorithms.ts';
import { deriveKeys, type SessionKeys } from '../../keys/derivation.ts';
import type { Dialect } from '../../keys/dialects.ts';
import { decrypted, encrypted } from '../../keys/encryption.ts';
import { extendPreauthHash, noPreauthHash } from '../../keys/preauth.ts';
import { signed } from '../../keys/signing.ts';
import { offer } from '../../connection/negotiation.ts';
import { type Command, decodeBody, decodeHeader, encodeMessage } from '../../messages/command.ts';
import { create } from '../../messages/create.ts';
import type { FileId } from '../../messages/file-id.ts';
import { flag, type Header } from '../../messages/header.ts';
import { negotiate, securityMode } from '../../messages/negotiate.ts';
import { sessionSetup } from '../../messages/session-setup.ts';
import { treeConnect } from '../../messages/tree-connect.ts';
import { ServerConnection } from '../connection.ts';
import type { TestHost } from './dialogue.ts';

/** A request of a compound: what it is, and what its header says otherwise. */
export interface Raw {
  readonly command: Pick<Command<never, unknown>, 'code' | 'request'>;
  readonly body: unknown;
  readonly head?: Partial<Header>;
}

export const raw = <Q>(command: Command<Q, unknown>, body: Q, head: Partial<Header> = {}): Raw => ({
  command: command as unknown as Raw['command'],
  body,
  head,
});

export interface Answer {
  readonly header: Header;
  readonly message: Uint8Array;
  readonly isEncrypted: boolean;
}

/** A client that says whatever a test wants it to: SMB 3.1.1 with AES-128-GCM and AES-GMAC, unless said otherwise. */
export class RawClient {
  readonly connection: ServerConnection;
  readonly dialect: Dialect;
  /** The next one. */
  messageId = 0n;
  sessionId = 0n;
  treeId = 0;
  creditCharge = 0;
  keys: SessionKeys | null = null;
  /** How requests are protected once there are keys. */
  protects: 'nothing' | 'signs' | 'encrypts' = 'signs';
  #hash = noPreauthHash;
  #count = 0n;

  constructor(host: Pick<TestHost, 'server'>, dialect: Dialect = '3.1.1') {
    this.dialect = dialect;
    this.connection = new ServerConnection(host.server, { salt: new Uint8Array(32), nonceStart: 0n, wake: () => {} });
  }

  get isClosed(): boolean {
    return this.connection.take().closed !== null;
  }

  /** NEGOTIATE, SESSION_SETUP, and TREE_CONNECT to IPC$. */
  static ready(host: TestHost, dialect: Dialect = '3.1.1'): RawClient {
    const client = new RawClient(host, dialect);
    client.negotiate();
    client.logOn(new NtlmClient(clientFacts));
    const [answer] = client.ask(raw(treeConnect, { flags: 0, path: '\\\\host\\IPC$' }));
    if (answer?.header.asyncId === null) client.treeId = answer.header.treeId;
    return client;
  }

  negotiate(): Answer {
    const { dialect } = this;
    const facts = { clientGuid: new Uint8Array(16), salt: new Uint8Array(32), serverName: 'host' };
    const offered = offer({
      ...facts,
      dialects: [dialect],
      ciphers: ['aes128Gcm', 'aes128Ccm'],
      signingAlgorithms: ['aesGmac'],
    });
    return this.#hashed(raw(negotiate, { ...offered, securityMode: securityMode.signingEnabled }), true);
  }

  /** With raw NTLM, without SPNEGO. */
  logOn(initiator: LogonInitiator): void {
    let token: Uint8Array | null = initiator.start();
    let context: SecurityContext | null = null;
    for (let legs = 0; token !== null && legs < 3; legs++) {
      const setup = { flags: 0, securityMode: 1, capabilities: 0, securityBuffer: token, previousSessionId: 0n };
      const answer = this.#hashed(raw(sessionSetup, setup), context === null);
      this.sessionId = answer.header.sessionId;
      if (answer.header.status === 0) break;
      const step = initiator.step(decodeBody('SESSION_SETUP', sessionSetup.response, answer.message).securityBuffer);
      token = step.token;
      context = step.context;
    }
    if (context === null) throw new TypeError('nobody logged on');
    const cipher = this.dialect === '3.1.1' ? 'aes128Gcm' : this.dialect.startsWith('3') ? 'aes128Ccm' : null;
    const { dialect } = this;
    this.keys = deriveKeys({ dialect, cipher, sessionKey: context.sessionKey, preauthHash: this.#hash });
  }

  open(name: string): FileId {
    const [answer] = this.ask(raw(create, createOf(name)));
    if (answer === undefined) throw new TypeError('no answer');
    return decodeBody('CREATE', create.response, answer.message).fileId;
  }

  /** Sends the requests as one message, and gives whatever is answered. */
  ask(...requests: readonly Raw[]): readonly Answer[] {
    this.connection.receive(frame(this.protect(requests)));
    return this.answers();
  }

  answers(): readonly Answer[] {
    return this.connection.take().send.flatMap((framed) => this.#open(framed));
  }

  /** The requests as they are sent. */
  protect(requests: readonly Raw[]): Uint8Array {
    return this.protectMessages(requests.map((request, at) => this.#message(request, at, requests.length)));
  }

  /** A request as it is before it is protected. */
  message(request: Raw): Uint8Array {
    return this.#message(request, 0, 1);
  }

  protectMessages(messages: readonly Uint8Array[]): Uint8Array {
    const { keys, protects } = this;
    if (keys === null || protects === 'nothing') return Buffer.concat(messages);
    if (protects === 'encrypts') {
      const key = keys.encryptionKey ?? new Uint8Array(16);
      return encrypted(Buffer.concat(messages), this.#count++, {
        cipher: this.#cipher,
        key,
        sessionId: this.sessionId,
      });
    }
    return Buffer.concat(
      messages.map((message) => signed(message, { algorithm: this.#signing, key: keys.signingKey })),
    );
  }

  get #cipher(): Cipher {
    return this.dialect === '3.1.1' ? 'aes128Gcm' : 'aes128Ccm';
  }

  get #signing(): 'aesGmac' | 'aesCmac' | 'hmacSha256' {
    return this.dialect === '3.1.1' ? 'aesGmac' : this.dialect.startsWith('3') ? 'aesCmac' : 'hmacSha256';
  }

  #message({ command, body, head }: Raw, at: number, count: number): Uint8Array {
    const header = {
      creditCharge: this.creditCharge,
      status: 0,
      command: command.code,
      credits: 10,
      flags: 0,
      nextCommand: 0,
      messageId: this.messageId++,
      asyncId: null,
      reserved: 0,
      treeId: this.treeId,
      sessionId: this.sessionId,
      signature: new Uint8Array(16),
      ...head,
    } as Header;
    const message = encodeMessage(header, command.request, body as never);
    if (at === count - 1) return message;
    const padded = new Uint8Array(Math.ceil(message.length / 8) * 8);
    padded.set(message);
    new DataView(padded.buffer).setUint32(20, padded.length, true);
    return padded;
  }

  #hashed(request: Raw, isNew: boolean): Answer {
    const message = this.protect([request]);
    this.connection.receive(frame(message));
    const [answer] = this.answers();
    if (answer === undefined) throw new TypeError('no answer');
    if (isNew || this.keys === null) this.#hash = extendPreauthHash(this.#hash, message);
    if (answer.header.status !== 0 || answer.header.command === negotiate.code) {
      this.#hash = extendPreauthHash(this.#hash, answer.message);
    }
    return answer;
  }

  #open(framed: Uint8Array): readonly Answer[] {
    const received = takeFrame(framed, 2 ** 24)?.message ?? new Uint8Array();
    const isEncrypted = received[0] === 0xfd;
    const key = this.keys?.decryptionKey ?? new Uint8Array(16);
    const { sessionId } = this;
    let message = isEncrypted ? decrypted(received, { cipher: this.#cipher, key, sessionId }) : received;
    const answers: Answer[] = [];
    for (;;) {
      const header = decodeHeader(message);
      answers.push({ header, message, isEncrypted });
      if (header.nextCommand === 0) return answers;
      message = message.subarray(header.nextCommand);
    }
  }
}

export const related: Partial<Header> = { flags: flag.relatedOperations };

export function createOf(name: string, desiredAccess = 0x12019f) {
  const asked = { impersonationLevel: 2, fileAttributes: 0, shareAccess: 3, createDisposition: 1, createOptions: 0 };
  return { ...asked, desiredAccess, name };
}
