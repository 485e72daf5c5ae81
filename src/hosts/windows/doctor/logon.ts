import { milliseconds } from '../../../sessions/duration.ts';
import { UsherError } from '../../../sessions/errors.ts';
import type { HostUrl } from '../../../sessions/host.ts';
import type { LogonInitiator } from '../../../wire/security/mechanism.ts';
import type { Agreement } from '../../../wire/smb/connection/negotiation.ts';
import { ntlmMechType } from '../../../wire/ntlm/mech-type.ts';
import { decodeNegTokenInit2 } from '../../../wire/spnego/neg-token-init2.ts';
import type { Finding } from '../../finding.ts';
import type { OpenPipe } from '../rpc-pipe.ts';
import { accountOf, initiatorFor, type WindowsAccount } from '../logon.ts';
import { pipeOpener, targetOf } from '../reaching.ts';
import { SmbClient } from '../smb-client.ts';
import { failureAt, finding, mend } from './finding.ts';
import { nameOf, refusalOf, type Subject } from './logon-refusals.ts';
import { failureOf, type Patient, within } from './patient.ts';
import { protectionFinding } from './protection.ts';

/** A domain controller far away may be asked first. */
const patience = milliseconds(12_000);

/** A host that is logged on to. */
export interface Reached {
  readonly smb: SmbClient;
  readonly open: OpenPipe;
  readonly subject: Subject;
}

/** Logs on, once. Null where that fails: then nothing more is tried. */
export async function* examineLogon(
  patient: Patient,
  url: Exclude<HostUrl, { readonly scheme: 'local' }>,
  agreement: Agreement,
): AsyncGenerator<Finding, Reached | null> {
  const { host, surroundings } = patient;
  let account: WindowsAccount;
  try {
    account = await accountOf(host, patient.credential);
  } catch (error) {
    yield withoutPassword(host.name, failureOf(patient, error));
    return null;
  }
  const subject: Subject = { user: account.user, domain: account.domain, machine: surroundings.machine };
  const initiate = (service: string) => async (): Promise<LogonInitiator> =>
    initiatorFor(account, `${service}/${url.address}`, surroundings);
  try {
    const smb = await within(patient, patience, (deadline) =>
      SmbClient.connect({ ...targetOf(url, surroundings), initiate: initiate('cifs') }, deadline),
    );
    yield loggedOn(subject, agreement);
    return { smb, subject, open: pipeOpener(smb, initiate('host')) };
  } catch (error) {
    const failure = failureOf(patient, error);
    const protection = protectionFinding(host.name, agreement, failure);
    if (protection !== null) yield protection;
    yield refused(host.name, subject, agreement, failure);
    return null;
  }
}

function withoutPassword(host: string, failure: UsherError): Finding {
  return finding({
    check: 'logon',
    verdict: 'problem',
    summary: failure.message,
    meaning: 'Nobody logged on to the host. What lies behind the logon was not looked at.',
    mends: failure.code === 'no_credential' ? [mend('here', 'read -rs USHER_PASSWORD; export USHER_PASSWORD')] : [],
    details: failure.hint === null ? [] : [failure.hint],
    error: failureAt(host, failure),
  });
}

function loggedOn(subject: Subject, agreement: Agreement): Finding {
  return finding({
    check: 'logon',
    verdict: 'ok',
    summary: `${nameOf(subject)} is logged on, by NTLMv2`,
    details: methodsOf(agreement),
  });
}

function refused(host: string, subject: Subject, agreement: Agreement, failure: UsherError): Finding {
  const { summary, meaning, mends } = refusalOf(subject, failure);
  return finding({
    check: 'logon',
    verdict: 'problem',
    summary,
    meaning,
    mends,
    details: [failure.message, ...methodsOf(agreement), 'one attempt was made, and no other will be'],
    error: failureAt(host, failure),
  });
}

/** Mechanisms by their object identifiers ([MS-NLMP] 1.9, RFC 4121 4.1, [MS-SPNG] 1.9, [MS-NEGOEX] 1.9). */
const mechanisms: ReadonlyMap<string, string> = new Map([
  [ntlmMechType, 'NTLM'],
  ['1.2.840.113554.1.2.2', 'Kerberos'],
  ['1.2.840.48018.1.2.2', 'Kerberos'],
  ['1.3.6.1.4.1.311.2.2.30', 'NEGOEX'],
]);

/** What the host says that it logs on by, which nothing proves, and what Usher does. */
function methodsOf({ response }: Agreement): readonly string[] {
  const names = offeredBy(response.securityBuffer).map((mechType) => mechanisms.get(mechType) ?? mechType);
  const said = names.length === 0 ? 'it does not say' : [...new Set(names)].join(', ');
  return [
    'method: SPNEGO with NTLMv2 and message integrity in it; Kerberos is not spoken yet',
    `what the host says that it logs on by: ${said}`,
  ];
}

function offeredBy(hint: Uint8Array): readonly string[] {
  if (hint.length === 0) return [];
  try {
    return decodeNegTokenInit2(hint).mechTypes ?? [];
  } catch (error) {
    if (error instanceof UsherError) return [];
    throw error;
  }
}
