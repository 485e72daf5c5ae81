import { UsherError } from '../../../sessions/errors.ts';
import type { NtStatusName } from '../../ms-erref/ntstatus.ts';
import { frame, FrameStream } from '../frames.ts';
import { decrypted, type Encryption, encrypted } from '../keys/encryption.ts';
import { noPreauthHash } from '../keys/preauth.ts';
import { cancel } from '../messages/cancel.ts';
import { decodeHeader } from '../messages/command.ts';
import { flag, type Header } from '../messages/header.ts';
import { negotiate } from '../messages/negotiate.ts';
import { sessionSetup } from '../messages/session-setup.ts';
import { smb1ProtocolId } from '../messages/smb1-negotiate.ts';
import { transformProtocolId } from '../messages/transform-header.ts';
import { treeConnect } from '../messages/tree-connect.ts';
import { refusalOf, tampered } from './admission.ts';
import { type Finished, join, split } from './chain.ts';
import { CommandWindow } from './command-window.ts';
import { handlers } from './commands/all.ts';
import { answerSmb1 } from './commands/smb1-negotiate.ts';
import { broken } from './failures.ts';
import type { Agreement } from './negotiation.ts';
import { type ConnectionFacts, limits, usual } from './parameters.ts';
import { Parking } from './parking.ts';
import { failure, headOf, type Outcome, type Reply } from './reply.ts';
import { type Chain, isRelated, isSigned, type Request, type Waiting, type Work } from './request.ts';
import type { SmbServer } from './server.ts';
import type { Open, Session } from './session.ts';

/** What is to be sent, in this order, and whether the connection is over once it is. */
export interface Output {
  readonly send: readonly Uint8Array[];
  /** Why nothing more is heard; null while the connection stands. */
  readonly closed: UsherError | null;
}

/** The server's end of a connection, which does no I/O: whatever happens leaves its output for {@link ServerConnection.take}. */
export class ServerConnection {
  readonly #server: SmbServer;
  readonly #facts: ConnectionFacts;
  readonly #stream = new FrameStream();
  readonly #window: CommandWindow;
  readonly #parking: Parking;
  readonly #sessions = new Map<bigint, Session>();
  readonly #work: Work;
  #agreement: Agreement | null = null;
  #opens = 0;
  #lastId = 0;
  /** Makes the nonces of what is encrypted. */
  #count: bigint;
  #frames: Uint8Array[] = [];
  #isReceiving = false;
  #closedBy: UsherError | null = null;

  constructor(server: SmbServer, facts: ConnectionFacts) {
    const { credits = usual.credits, parkedRequests = usual.parkedRequests } = server.parameters;
    this.#server = server;
    this.#facts = facts;
    this.#count = facts.nonceStart;
    this.#window = new CommandWindow(credits);
    this.#parking = new Parking(parkedRequests);
    this.#work = this.#workOf();
  }

  /** What has come of everything until now. Whoever waits is told so only here: what is there by now needs no interim answer. */
  take(): Output {
    for (const { request, asyncId } of this.#parking.takeUntold()) {
      this.#send([this.#finished(request, failure('STATUS_PENDING'), asyncId)], request);
    }
    const send = this.#frames;
    this.#frames = [];
    return { send, closed: this.#closedBy };
  }

  receive(bytes: Uint8Array): void {
    if (this.#closedBy !== null) return;
    this.#isReceiving = true;
    try {
      this.#stream.push(bytes);
      while (this.#closedBy === null) {
        const message = this.#stream.next(this.#hasUser ? limits.message : limits.firstMessage);
        if (message === null) return;
        this.#hear(message);
      }
    } catch (error) {
      if (!(error instanceof UsherError)) throw error;
      this.close(error);
    } finally {
      this.#isReceiving = false;
    }
  }

  /** The connection is over, or is to be: whatever is open is closed. */
  close(reason: UsherError): void {
    if (this.#closedBy !== null) return;
    this.#closedBy = reason;
    for (const session of this.#sessions.values()) this.#end(session);
    if (!this.#isReceiving) this.#facts.wake();
  }

  /** Sessions whose users have to log on again before anything else is done for them. */
  expireSessions(): void {
    const now = this.#server.parameters.now();
    for (const session of this.#sessions.values()) session.expiresAt = now;
  }

  /** Sessions, open pipes and requests that wait. */
  get load(): { readonly sessions: number; readonly opens: number; readonly parked: number } {
    return { sessions: this.#sessions.size, opens: this.#opens, parked: this.#parking.size };
  }

  get #hasUser(): boolean {
    for (const { account } of this.#sessions.values()) if (account !== null) return true;
    return false;
  }

  #hear(received: Uint8Array): void {
    const protocolId = received.length < 4 ? 0 : new DataView(received.buffer, received.byteOffset).getUint32(0, true);
    if (protocolId === smb1ProtocolId) return this.#hearSmb1(received);
    if (protocolId !== transformProtocolId) return this.#hearRequests(received, null);
    const sessionId =
      received.length < 52 ? 0n : new DataView(received.buffer, received.byteOffset).getBigUint64(44, true);
    const encryption = this.#sessions.get(sessionId)?.protection?.fromClient ?? null;
    if (encryption === null) throw broken('the client encrypted what cannot be decrypted');
    this.#hearRequests(decrypted(received, encryption), sessionId);
  }

  #hearSmb1(received: Uint8Array): void {
    const isFirst = this.#agreement === null && this.#window.take(0n, 1);
    const answer = isFirst ? answerSmb1(this.#server, received, this.#window.grant(1)) : null;
    if (answer === null) throw broken('the client speaks SMB 1 alone, or once more');
    if (answer.agreement !== null) this.#agreement = answer.agreement;
    this.#frames.push(frame(answer.message));
  }

  /** A request, or several in one. */
  #hearRequests(message: Uint8Array, encryptedIn: bigint | null): void {
    const pieces = split(message);
    const chain = newChain();
    const finished: Finished[] = [];
    let last: Request | null = null;
    for (const [at, piece] of pieces.entries()) {
      const request = this.#requestOf(piece, chain, {
        encryptedIn,
        isLast: at === pieces.length - 1,
        isAlone: pieces.length === 1,
      });
      const reply = this.#replyTo(request);
      if (reply !== null) {
        const one = this.#finished(request, reply, null);
        finished.push(one);
        reply.sent?.(one.message);
        last = request;
      }
      if (this.#closedBy !== null) break;
    }
    if (last !== null) this.#send(finished, last);
  }

  /** Reads a request's header, and whom it comes from (MS-SMB2 3.3.5.2). Throws where the connection cannot go on. */
  #requestOf(
    message: Uint8Array,
    chain: Chain,
    { encryptedIn, ...place }: Pick<Request, 'isLast' | 'isAlone'> & { readonly encryptedIn: bigint | null },
  ): Request {
    const sent = decodeHeader(message);
    if ((sent.flags & flag.serverToRedir) !== 0) throw broken('the client sent an SMB response');
    if (!handlers.has(sent.command)) throw broken(`the client sent command ${sent.command}, which SMB 2 does not have`);
    if ((sent.command === negotiate.code) !== (this.#agreement === null))
      throw broken('the client negotiates out of order');
    const isFollowing = isRelated(sent);
    if (!isFollowing) Object.assign(chain, newChain());
    else if (chain.before === null) chain.isBroken = true;
    const header: Header =
      isFollowing && chain.before !== null && sent.asyncId === null ? { ...sent, ...chain.before } : sent;
    if (encryptedIn !== null && header.sessionId !== encryptedIn)
      throw broken('the client encrypted for another session');
    this.#consume(header);
    const session = this.#sessions.get(header.sessionId) ?? null;
    const tree = header.asyncId === null ? (session?.trees.get(header.treeId) ?? null) : null;
    return { header, message, isEncrypted: encryptedIn !== null, session, tree, chain, ...place };
  }

  /** Uses up the request's credits (3.3.5.2.3). */
  #consume({ command, messageId, creditCharge }: Header): void {
    if (command === cancel.code) return;
    const count = this.#agreement?.multiCredit === true ? Math.max(1, creditCharge) : 1;
    if (!this.#window.take(messageId, count)) {
      throw broken(`the client used MessageId ${messageId}, for which it has no credit`);
    }
  }

  #replyTo(request: Request): Reply | null {
    const { header, chain } = request;
    const known = handlers.get(header.command);
    if (known === undefined) throw new TypeError('a command without a handler');
    const refusal = refusalOf(request, known, this.#agreement, this.#server.parameters.now());
    if (refusal === tampered) this.close(broken('the signature of an SMB message is wrong'));
    const refused: NtStatusName | null = refusal === tampered ? 'STATUS_ACCESS_DENIED' : refusal;
    const reply = replyOf(refused ?? known.run(this.#work, request));
    if (header.command === cancel.code) return null;
    if (header.asyncId === null) {
      chain.before = {
        treeId: header.treeId,
        ...reply?.head,
        sessionId: reply?.head.sessionId ?? header.sessionId,
      };
    }
    chain.failure = reply !== null && isFailure(reply.status) ? reply.status : null;
    return reply;
  }

  #finished(request: Request, reply: Reply, asyncId: bigint | null): Finished {
    const { header, session, isEncrypted } = request;
    const isInterim = reply.status === 'STATUS_PENDING';
    const credits = asyncId !== null && !isInterim ? 0 : this.#window.grant(header.credits);
    const message = reply.encode(headOf(header, reply, credits, asyncId));
    const wantsSignature = !isEncrypted && !isInterim && (isSigned(header) || session?.signingRequired === true);
    const signer = reply.signedBy ?? (wantsSignature ? session : null);
    const signing = isEncrypted ? null : (signer?.protection?.signing ?? null);
    return { message, signing, isRelated: isRelated(header) };
  }

  #send(responses: readonly Finished[], to: Request): void {
    const encryption = encryptionFor(to);
    const unsigned = encryption === null ? responses : responses.map((one) => ({ ...one, signing: null }));
    const message = join(unsigned);
    this.#frames.push(frame(encryption === null ? message : encrypted(message, this.#count++, encryption)));
  }

  /** Answers a request that has waited. */
  #complete(request: Request, outcome: Outcome): void {
    const parked = this.#parking.remove(request.header.messageId);
    const reply = replyOf(outcome);
    if (parked === null || reply === null || this.#closedBy !== null) return;
    this.#send([this.#finished(request, reply, parked.asyncId)], request);
    if (!this.#isReceiving) this.#facts.wake();
  }

  #cancel(id: Parameters<Work['cancel']>[0]): void {
    const parked = this.#parking.find(id);
    if (parked === null) return;
    const { instance, waiter } = parked.waiting;
    instance.giveUp(waiter);
    this.#complete(parked.request, 'STATUS_CANCELLED');
  }

  #closeOpen(session: Session, open: Open): void {
    if (!session.opens.delete(open.id)) return;
    this.#opens--;
    for (const { request } of this.#parking.in(open.instance)) this.#cancel(request.header);
    open.instance.close();
  }

  #end(session: Session): void {
    for (const open of session.opens.values()) this.#closeOpen(session, open);
    session.trees.clear();
    this.#sessions.delete(session.id);
    this.#server.forget(session);
  }

  #begin(): Session {
    const session = this.#server.begin((dropped) => {
      this.#end(dropped);
    });
    session.preauthHash = this.#work.preauthHash;
    this.#sessions.set(session.id, session);
    return session;
  }

  /** What the commands may do. */
  #workOf(): Work {
    const agreement = (): Agreement | null => this.#agreement;
    const opens = (): number => this.#opens;
    return {
      server: this.#server,
      salt: this.#facts.salt,
      link: this.#facts.link ?? null,
      sessions: this.#sessions,
      preauthHash: noPreauthHash,
      get agreement() {
        return agreement();
      },
      get opens() {
        return opens();
      },
      agreed: (agreed) => {
        this.#agreement = agreed;
      },
      begin: () => this.#begin(),
      end: (session) => {
        this.#end(session);
      },
      nextId: () => ++this.#lastId,
      opened: (session, open) => {
        session.opens.set(open.id, open);
        this.#opens++;
      },
      close: (session, open) => {
        this.#closeOpen(session, open);
      },
      park: (request: Request, waiting: Waiting) => this.#parking.park(request, waiting),
      complete: (request, outcome) => {
        this.#complete(request, outcome);
      },
      cancel: (id) => {
        this.#cancel(id);
      },
    };
  }
}

const newChain = (): Chain => ({ before: null, fileId: null, failure: null, isBroken: false });

const replyOf = (outcome: Outcome): Reply | null => (typeof outcome === 'string' ? failure(outcome) : outcome);

const noFailures: ReadonlySet<NtStatusName> = new Set<NtStatusName>([
  'STATUS_SUCCESS',
  'STATUS_PENDING',
  'STATUS_BUFFER_OVERFLOW',
  'STATUS_MORE_PROCESSING_REQUIRED',
]);

const isFailure = (status: NtStatusName): boolean => !noFailures.has(status);

/** By what a response is encrypted; null where it is not (3.3.4.1.4). */
function encryptionFor({ header: { command }, session, tree, isEncrypted }: Request): Encryption | null {
  const encryption = session?.protection?.toClient ?? null;
  if (isEncrypted) return encryption;
  if (command === negotiate.code || command === sessionSetup.code) return null;
  if (session?.demandsEncryption === true) return encryption;
  return tree?.demandsEncryption === true && command !== treeConnect.code ? encryption : null;
}
