import type { Codec } from '../../bytes/codec.ts';
import { frame, takeFrame } from '../frames.ts';
import { type Cipher, keyBits, type SigningAlgorithm } from '../keys/algorithms.ts';
import { deriveKeys, type SessionKeys } from '../keys/derivation.ts';
import type { Dialect } from '../keys/dialects.ts';
import { decrypted, encrypted } from '../keys/encryption.ts';
import { extendPreauthHash, noPreauthHash } from '../keys/preauth.ts';
import { isSignatureValid, signed } from '../keys/signing.ts';
import { type Command, decodeBody, decodeHeader, encodeMessage } from '../messages/command.ts';
import { error } from '../messages/error.ts';
import { flag, type Header } from '../messages/header.ts';
import { transformProtocolId } from '../messages/transform-header.ts';
import { sessionKey } from './initiator.ts';

export interface Request {
  readonly header: Header;
  readonly message: Uint8Array;
  readonly isEncrypted: boolean;
  readonly isSigned: boolean;
}

/** What a server makes of a request: frames. */
export type Handler = (request: Request, server: ScriptedServer) => readonly Uint8Array[];

export interface Script {
  readonly dialect: Dialect;
  readonly cipher: Cipher | null;
  readonly signingAlgorithm: SigningAlgorithm;
  /** CreditResponse of every response. */
  readonly credits: number;
}

export const sessionId = 0x0000_4000_0000_0011n;

/** The other side of the protocol, as far as it is the same in every test. */
export class ScriptedServer {
  readonly script: Script;
  readonly handlers: Map<number, Handler>;
  readonly requests: Request[] = [];
  keys: SessionKeys | null = null;
  #hash = noPreauthHash;
  #count = 0n;

  constructor(script: Script, handlers: ReadonlyMap<number, Handler>) {
    this.script = script;
    this.handlers = new Map(handlers);
  }

  /** Takes one frame of the client and gives frames. */
  receive(framed: Uint8Array): readonly Uint8Array[] {
    const message = takeFrame(framed, 2 ** 24)?.message;
    if (message === undefined) throw new Error('half a frame');
    const request = this.#open(message);
    this.requests.push(request);
    const handler = this.handlers.get(request.header.command);
    if (handler === undefined) throw new Error(`no handler for command ${request.header.command}`);
    return handler(request, this);
  }

  /** As much as is hashed before there are keys. */
  hash(message: Uint8Array): void {
    this.#hash = extendPreauthHash(this.#hash, message);
  }

  establish(secret = sessionKey): void {
    const { dialect, cipher } = this.script;
    const key = cipher !== null && keyBits(cipher) === 256 ? secret : secret.subarray(0, 16);
    this.keys = deriveKeys({ dialect, cipher, sessionKey: key, preauthHash: this.#hash });
  }

  answer<T>(request: Request, command: Command<unknown, T>, value: T, changes: Partial<Header> = {}): Uint8Array {
    return this.seal(request, this.plain(request, command.response, value, changes));
  }

  error(request: Request, status: number, changes: Partial<Header> = {}): Uint8Array {
    const value = { errorContexts: [], errorData: new Uint8Array() };
    return this.seal(request, this.plain(request, error, value, { status, ...changes }));
  }

  plain<T>(request: Request, body: Codec<T>, value: T, changes: Partial<Header> = {}): Uint8Array {
    const { header } = request;
    const flags = flag.serverToRedir | (typeof changes.asyncId === 'bigint' ? flag.asyncCommand : 0);
    const head = { ...header, flags, credits: this.script.credits, sessionId: this.keys === null ? 0n : sessionId };
    return encodeMessage({ ...head, signature: new Uint8Array(16), ...changes } as Header, body, value);
  }

  /** Protects a response as its request was. */
  seal({ isEncrypted, isSigned }: Pick<Request, 'isEncrypted' | 'isSigned'>, message: Uint8Array): Uint8Array {
    const { cipher, signingAlgorithm } = this.script;
    const { keys } = this;
    if (keys === null || (!isEncrypted && !isSigned)) return frame(message);
    if (!isEncrypted) return frame(signed(message, { algorithm: signingAlgorithm, key: keys.signingKey }));
    if (cipher === null || keys.decryptionKey === null) throw new Error('nothing to encrypt with');
    return frame(encrypted(message, this.#count++, { cipher, key: keys.decryptionKey, sessionId }));
  }

  #open(received: Uint8Array): Request {
    const { cipher, signingAlgorithm } = this.script;
    const isEncrypted = new DataView(received.buffer, received.byteOffset).getUint32(0, true) === transformProtocolId;
    const key = this.keys?.encryptionKey ?? null;
    if (isEncrypted && (cipher === null || key === null)) throw new Error('nothing to decrypt with');
    const message =
      isEncrypted && cipher !== null && key !== null ? decrypted(received, { cipher, key, sessionId }) : received;
    const header = decodeHeader(message);
    const isSigned = (header.flags & flag.signed) !== 0;
    if (this.keys !== null && !isEncrypted && !isSigned) throw new Error('the client did not protect a request');
    if (
      isSigned &&
      !isSignatureValid(message, { algorithm: signingAlgorithm, key: this.keys?.signingKey ?? new Uint8Array(16) })
    ) {
      throw new Error('the client signed wrongly');
    }
    return { header, message, isEncrypted, isSigned };
  }
}

export function bodyOf<T>(request: Request, command: Command<T, unknown>): T {
  return decodeBody(command.name, command.request, request.message);
}
