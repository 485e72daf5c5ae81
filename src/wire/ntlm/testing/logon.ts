import type { SecurityContext } from '../../security/context.ts';
import { NtlmClient, type NtlmClientFacts } from '../client.ts';
import { ntowfv1 } from '../keys.ts';
import { NtlmServer, type NtlmServerFacts } from '../server.ts';

export const clientFacts: NtlmClientFacts = {
  user: 'zoë',
  domain: 'CORP',
  ntHash: ntowfv1('geheim'),
  workstation: 'ADMIN7',
  targetName: 'cifs/rds1',
  channelBindings: null,
  time: 133_000_000_000_000_000n,
  clientChallenge: new Uint8Array(8).fill(0xaa),
  exportedSessionKey: new Uint8Array(16).fill(0x55),
};

export const serverFacts: NtlmServerFacts = {
  nbComputerName: 'RDS1',
  nbDomainName: 'CORP',
  dnsComputerName: 'rds1.corp.example',
  dnsDomainName: 'corp.example',
  time: 133_111_111_111_111_111n,
  serverChallenge: new Uint8Array(8).fill(0x11),
  channelBindings: null,
  ntHashOf: ({ user }) => (user.toUpperCase() === 'ZOË' ? ntowfv1('geheim') : null),
};

/** The messages on their way; whoever stands between may change them. */
export interface Between {
  readonly negotiate?: (bytes: Uint8Array) => Uint8Array;
  readonly challenge?: (bytes: Uint8Array) => Uint8Array;
  readonly authenticate?: (bytes: Uint8Array) => Uint8Array;
}

export interface Logon {
  readonly client: NtlmClient;
  readonly server: NtlmServer;
  readonly clientContext: SecurityContext;
  readonly serverContext: SecurityContext;
}

/** A logon of these two. */
export function logOn(
  client: Partial<NtlmClientFacts> = {},
  server: Partial<NtlmServerFacts> = {},
  between: Between = {},
): Logon {
  const same = (bytes: Uint8Array): Uint8Array => bytes;
  const initiator = new NtlmClient({ ...clientFacts, ...client });
  const acceptor = new NtlmServer({ ...serverFacts, ...server });
  const challenge = acceptor.step((between.negotiate ?? same)(initiator.start())).token ?? new Uint8Array();
  const { token, context: clientContext } = initiator.step((between.challenge ?? same)(challenge));
  const { context: serverContext } = acceptor.step((between.authenticate ?? same)(token ?? new Uint8Array()));
  if (clientContext === null || serverContext === null) throw new TypeError('the logon is not finished');
  return { client: initiator, server: acceptor, clientContext, serverContext };
}
