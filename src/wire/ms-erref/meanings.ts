import type { ErrorCode } from '../../sessions/errors.ts';

/** What a code says, in whichever of the three tables it stands. */
export interface Meaning {
  readonly kind: ErrorCode;
  /** What it means, for people who administer hosts. */
  readonly text: string;
  /** The usual remedy, where there is one. */
  readonly hint?: string;
}

const successes = {
  done: { kind: 'bad_answer', text: 'it succeeded' },
  pending: { kind: 'bad_answer', text: 'the answer comes later' },
  moreData: { kind: 'bad_answer', text: 'there is more than fits into the answer' },
  moreProcessing: { kind: 'bad_answer', text: 'the logon needs another message' },
  noMore: { kind: 'bad_answer', text: 'nothing is left to list' },
} as const satisfies Record<string, Meaning>;

const refusals = {
  accessDenied: {
    kind: 'access_denied',
    text: 'the account may not do this',
    hint: "use a domain account in the host's group Administrators, or its built-in Administrator: other local accounts are filtered by UAC",
  },
  badImpersonation: { kind: 'access_denied', text: 'the host may not act in the name of the account' },
  networkDenied: { kind: 'access_denied', text: 'the account may not do this over the network' },
  noPrivilege: { kind: 'access_denied', text: 'the account lacks a privilege that this needs' },
  sessionDenied: { kind: 'access_denied', text: 'the account may not do this to that session' },
  shadowRefused: { kind: 'access_denied', text: 'the user or a policy refused that the session be shadowed' },
} as const satisfies Record<string, Meaning>;

const logons = {
  accountDisabled: { kind: 'logon_failed', text: 'the account is disabled' },
  accountExpired: { kind: 'logon_failed', text: 'the account has expired' },
  badBindings: { kind: 'access_denied', text: 'the logon is not bound to this connection, as the host demands' },
  badContext: { kind: 'access_denied', text: 'the host does not accept the logon that the call came with' },
  clocks: {
    kind: 'access_denied',
    text: 'two clocks differ too much for a logon',
    hint: 'compare the clocks of this computer, the host and its domain controller; w32tm /resync sets a Windows one',
  },
  downgraded: {
    kind: 'access_denied',
    text: 'no domain controller vouches for the logon, or somebody weakened it on its way',
    hint: 'see that the host reaches a domain controller; it may refuse NTLM because Kerberos is what it expects',
  },
  lockedOut: {
    kind: 'logon_failed',
    text: 'the account is locked out',
    hint: 'wait until the lockout ends or unlock the account, and find out who tries wrong passwords',
  },
  logonHours: { kind: 'logon_failed', text: 'the account may not log on at this hour' },
  machineAccount: { kind: 'logon_failed', text: 'this is the account of a computer or a domain, not of a user' },
  mustChange: {
    kind: 'logon_failed',
    text: 'the password must be changed before the account can log on',
    hint: 'change the password at a desktop, then try again',
  },
  noDomain: { kind: 'access_denied', text: 'the host knows no such domain' },
  noKerberosKey: { kind: 'logon_failed', text: 'the account has no Kerberos key that both sides can use' },
  noLogonServers: {
    kind: 'unreachable',
    text: 'the host reaches no domain controller that could check the logon',
    hint: 'on the host: nltest /sc_query:DOMAIN tells whether it does',
  },
  noTarget: {
    kind: 'unsupported',
    text: 'the domain knows no service of this name',
    hint: 'name the host as its domain does, mostly by its full DNS name',
  },
  notAuthenticated: { kind: 'access_denied', text: 'the host knows of no logon for this' },
  notGranted: {
    kind: 'access_denied',
    text: 'the account has no right to log on to this host in this way',
    hint: 'look at "Access this computer from the network" and "Deny access to this computer from the network" in the host\'s policy',
  },
  noUser: { kind: 'logon_failed', text: 'there is no such user' },
  ntlmBlocked: {
    kind: 'access_denied',
    text: 'NTLM is not allowed here',
    hint: 'look at the policies "Network security: Restrict NTLM" of the host and its domain',
  },
  passwordExpired: {
    kind: 'logon_failed',
    text: 'the password has expired',
    hint: 'change the password at a desktop, then try again',
  },
  restricted: {
    kind: 'logon_failed',
    text: 'a restriction of the account forbids this logon',
    hint: 'an empty password cannot be used over the network, nor NTLM by a member of Protected Users',
  },
  selective: {
    kind: 'access_denied',
    text: 'the account comes from another forest and is not let in to this host',
    hint: 'grant it "Allowed to authenticate" on the host\'s computer account',
  },
  smartcard: { kind: 'logon_failed', text: 'the account can log on with a smart card only' },
  trustBroken: {
    kind: 'access_denied',
    text: 'the trust between the host and a domain is broken',
    hint: 'on the host: Test-ComputerSecureChannel tells, and with -Repair mends it',
  },
  twoAccounts: { kind: 'logon_failed', text: 'several accounts go by this name' },
  workstation: { kind: 'access_denied', text: 'the account may not log on from this computer' },
  wrongHost: { kind: 'access_denied', text: 'the host could not prove that it is the one that was named' },
  wrongPassword: { kind: 'logon_failed', text: 'the user name or the password is wrong' },
} as const satisfies Record<string, Meaning>;

const lacks = {
  noInterface: { kind: 'unsupported', text: 'the host does not offer this interface' },
  noProcedure: { kind: 'unsupported', text: 'the host does not have this procedure' },
  noSecurity: { kind: 'unsupported', text: 'the host does not know this kind of security' },
  noService: { kind: 'unsupported', text: 'the host does not have this service' },
  noShare: { kind: 'unsupported', text: 'the host does not have this share' },
  noSmbInCommon: { kind: 'unsupported', text: 'the host and Usher have no dialect or no hash of SMB in common' },
  notFound: { kind: 'unsupported', text: 'the host does not have what was asked for' },
  notImplemented: { kind: 'unsupported', text: 'the host does not have this function' },
  notSupported: { kind: 'unsupported', text: 'the host does not support this' },
  serviceDisabled: { kind: 'unsupported', text: 'the service is disabled on the host' },
  unknownClass: { kind: 'unsupported', text: 'the host does not know this kind of information' },
} as const satisfies Record<string, Meaning>;

const gone = {
  noLogonSession: { kind: 'session_changed', text: 'the logon of that session has ended' },
  noProcess: { kind: 'session_changed', text: 'that process has ended' },
  noSession: { kind: 'session_changed', text: 'there is no such session, or the account may not see it' },
} as const satisfies Record<string, Meaning>;

const forbidden = {
  closing: { kind: 'not_allowed', text: 'the session is being closed already' },
  console: { kind: 'not_allowed', text: 'this cannot be done to or with the console session' },
  consoleOnly: { kind: 'not_allowed', text: 'this can be done in the console session only' },
  encryptionLevel: { kind: 'not_allowed', text: 'the session demands stronger encryption than the client has' },
  inUse: { kind: 'not_allowed', text: 'somebody else is logged on' },
  license: {
    kind: 'not_allowed',
    text: 'a Remote Desktop licence is missing, used up or no longer valid',
    hint: 'on the host: lsdiag.msc tells what its licensing lacks',
  },
  logonsDisabled: {
    kind: 'not_allowed',
    text: 'the host takes no new sessions',
    hint: 'on the host: change logon /query tells, change logon /enable allows them again',
  },
  noRemoteLogon: { kind: 'not_allowed', text: 'the account may not log on to sessions of this host' },
  notShadowed: { kind: 'not_allowed', text: 'nobody shadows the session' },
  notShuttingDown: { kind: 'not_allowed', text: 'the host is not shutting down' },
  sessionBusy: {
    kind: 'not_allowed',
    text: 'the session is just being connected, disconnected or ended',
    hint: 'try again in a few seconds',
  },
  shadowDisabled: {
    kind: 'not_allowed',
    text: 'the session must not be shadowed',
    hint: 'look at the policy "Set rules for remote control of Remote Desktop Services user sessions"',
  },
  shadowInvalid: { kind: 'not_allowed', text: "the session cannot be shadowed: it is disconnected, or one's own" },
  usersLoggedOn: { kind: 'not_allowed', text: 'users are logged on to the host' },
} as const satisfies Record<string, Meaning>;

const ways = {
  busy: { kind: 'unreachable', text: 'the host or its network is too busy', hint: 'try again in a few seconds' },
  connectionLost: { kind: 'connection_lost', text: 'the connection was cut' },
  logonRanOut: { kind: 'connection_lost', text: 'the logon is no longer valid' },
  noHost: { kind: 'unreachable', text: 'the way to the host is closed' },
  noMemory: { kind: 'unreachable', text: 'the host is short of memory or another resource' },
  noRpc: { kind: 'unreachable', text: 'the service that was called cannot be reached' },
  pipeBusy: {
    kind: 'unreachable',
    text: 'others have taken every instance of the pipe',
    hint: 'try again in a few seconds',
  },
  pipeEnded: { kind: 'connection_lost', text: 'the host closed the pipe' },
  serverStopped: { kind: 'unreachable', text: "the host's SMB server is stopped" },
  serviceStopped: { kind: 'unreachable', text: 'the service does not run on the host' },
  shuttingDown: { kind: 'unreachable', text: 'the host is shutting down' },
  timedOut: { kind: 'timeout', text: 'something took too long' },
  tooMany: { kind: 'unreachable', text: 'the host takes no more connections now' },
} as const satisfies Record<string, Meaning>;

const disputes = {
  altered: { kind: 'bad_answer', text: 'a message was changed on its way, or is not the next one' },
  badNetworkAnswer: { kind: 'bad_answer', text: 'an answer broke the protocol' },
  badStub: { kind: 'bad_answer', text: 'the host cannot read the parameters of the call' },
  badToken: { kind: 'bad_answer', text: 'a message of the logon cannot be read' },
  cancelled: { kind: 'bad_answer', text: 'the call was given up' },
  exists: { kind: 'bad_answer', text: 'the name is taken' },
  failed: { kind: 'bad_answer', text: 'something failed inside the host, which says no more of it' },
  invalidHandle: { kind: 'bad_answer', text: 'the host does not know this handle, or no longer' },
  invalidName: { kind: 'bad_answer', text: 'the host does not take this name' },
  invalidParameter: { kind: 'bad_answer', text: 'the host does not take a parameter of the call' },
  keyBroken: { kind: 'bad_answer', text: 'the registry key cannot be used' },
  keyDeleted: { kind: 'bad_answer', text: 'the registry key was deleted meanwhile' },
  logonState: { kind: 'bad_answer', text: 'the logon session is not in a state for this' },
  otherCredential: { kind: 'bad_answer', text: 'there is a connection to the host by another user already' },
  pipeState: { kind: 'bad_answer', text: 'the pipe is not in a state for this' },
  registryBroken: { kind: 'bad_answer', text: "the host's registry is damaged" },
  securityLayer: { kind: 'bad_answer', text: "the session's protection failed, and its client was disconnected" },
  sharing: { kind: 'bad_answer', text: 'somebody else has it open' },
  tooSmall: { kind: 'bad_answer', text: 'the answer needs more room than it was given' },
  transport: { kind: 'bad_answer', text: 'the transport of the session failed' },
  wrongLength: { kind: 'bad_answer', text: 'the host expects another length' },
} as const satisfies Record<string, Meaning>;

const all = { ...successes, ...refusals, ...logons, ...lacks, ...gone, ...forbidden, ...ways, ...disputes };

export type MeaningName = keyof typeof all;

/** Every meaning that a code of the tables can have. The words are Usher's own. */
export const meanings: Readonly<Record<MeaningName, Meaning>> = all;
