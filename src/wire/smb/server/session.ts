import type { Encryption } from '../keys/encryption.ts';
import { noPreauthHash } from '../keys/preauth.ts';
import type { Signing } from '../keys/signing.ts';
import type { LogonAcceptor } from './logon.ts';
import type { Account } from './pipe.ts';
import type { PipeInstance } from './pipe-instance.ts';

/** A share that a session is connected to. */
export interface Tree {
  readonly id: number;
  readonly isPipes: boolean;
  /** Share.EncryptData. */
  readonly demandsEncryption: boolean;
}

/** An open pipe. */
export interface Open {
  readonly id: bigint;
  readonly tree: Tree;
  readonly name: string;
  /** GrantedAccess. */
  readonly access: number;
  readonly instance: PipeInstance;
}

/** How the messages of a session are protected (MS-SMB2 3.3.1.8). */
export interface SessionProtection {
  readonly signing: Signing;
  /** Null where nothing can be encrypted. */
  readonly fromClient: Encryption | null;
  readonly toClient: Encryption | null;
}

/** A session of a user (MS-SMB2 3.3.1.8). */
export class Session {
  readonly id: bigint;
  /** While somebody logs on, for the first time or again. */
  logon: LogonAcceptor | null = null;
  legs = 0;
  preauthHash: Uint8Array = noPreauthHash;
  /** Null until somebody has logged on. */
  account: Account | null = null;
  protection: SessionProtection | null = null;
  signingRequired = false;
  /** Session.EncryptData: what is not encrypted is refused. */
  demandsEncryption = false;
  /** A FILETIME; null: never. */
  expiresAt: bigint | null = null;
  readonly trees = new Map<number, Tree>();
  readonly opens = new Map<bigint, Open>();

  constructor(id: bigint) {
    this.id = id;
  }

  /** InProgress, Valid or Expired (3.3.1.8). A session that is valid stays so while its user logs on again. */
  stateAt(now: bigint): 'in progress' | 'valid' | 'expired' {
    if (this.account === null) return 'in progress';
    if (this.expiresAt === null || now < this.expiresAt) return 'valid';
    return this.logon === null ? 'expired' : 'in progress';
  }
}
