import type { UsherError } from '../../../sessions/errors.ts';
import { UnprotectedFailure } from '../../../wire/smb/connection/failures.ts';
import type { Agreement } from '../../../wire/smb/connection/negotiation.ts';
import type { Cipher, SigningAlgorithm } from '../../../wire/smb/keys/algorithms.ts';
import { securityMode } from '../../../wire/smb/messages/negotiate.ts';
import type { Finding } from '../../finding.ts';
import { failureAt, finding, mend } from './finding.ts';

const signingNames: Readonly<Record<SigningAlgorithm, string>> = {
  aesGmac: 'AES-128-GMAC',
  aesCmac: 'AES-128-CMAC',
  hmacSha256: 'HMAC-SHA256',
};

const cipherNames: Readonly<Record<Cipher, string>> = {
  aes256Gcm: 'AES-256-GCM',
  aes128Gcm: 'AES-128-GCM',
  aes256Ccm: 'AES-256-CCM',
  aes128Ccm: 'AES-128-CCM',
};

export function signingFinding({ signingAlgorithm, response }: Agreement): Finding {
  const required = (response.securityMode & securityMode.signingRequired) !== 0;
  const enabled = required || (response.securityMode & securityMode.signingEnabled) !== 0;
  const told = {
    check: 'signing',
    details: [
      'this side requires it, always',
      required
        ? 'the host requires it'
        : enabled
          ? 'the host can, and does not require it'
          : 'the host says that it cannot',
    ],
  } as const;
  if (!enabled) {
    return finding({
      ...told,
      verdict: 'warning',
      summary: 'the host says that it does not sign, which every host of SMB 2 must',
      meaning: 'Usher signs every message and takes no answer without a signature: the logon will tell.',
      mends: [mend('host', 'Set-SmbServerConfiguration -RequireSecuritySignature $true -Force')],
    });
  }
  return finding({
    ...told,
    verdict: 'ok',
    summary: `messages are signed with ${signingNames[signingAlgorithm]}`,
    meaning: required ? null : 'The host lets other clients do without signatures. To have it require them:',
    mends: required ? [] : [mend('host', 'Set-SmbServerConfiguration -RequireSecuritySignature $true -Force')],
  });
}

export function encryptionFinding({ cipher }: Agreement): Finding {
  const check = 'encryption';
  if (cipher !== null) {
    return finding({ check, verdict: 'ok', summary: `messages are encrypted with ${cipherNames[cipher]}` });
  }
  return finding({
    check,
    verdict: 'ok',
    summary: 'messages are not encrypted: the host does not offer it',
    meaning:
      'The names of pipes can be read on the way; what is said through them cannot, since RPC is sealed (packet privacy).',
    details: ['ciphers that Usher knows: AES-256-GCM, AES-128-GCM, AES-256-CCM, AES-128-CCM'],
  });
}

/** Why a logon came to nothing, where that is a matter of signing or encryption; null otherwise. */
export function protectionFinding(host: string, { cipher }: Agreement, failure: UsherError): Finding | null {
  const error = failureAt(host, failure);
  if (failure instanceof UnprotectedFailure) return failure.lacks === 'signing' ? unsigned(error) : unencrypted(error);
  // A host that demands encryption answers so where none was agreed upon (MS-SMB2 3.3.5.5.3, 3.3.5.7).
  return cipher === null && failure.code === 'access_denied' ? unencrypted(error) : null;
}

function unsigned(error: UsherError): Finding {
  return finding({
    check: 'signing',
    of: 'logon',
    verdict: 'problem',
    summary: 'an answer of the host is not signed as it must be',
    meaning:
      'The host does not sign, or something between here and there changes SMB messages: a WAN accelerator, a proxy, an attacker. Usher takes no such answer.',
    mends: [
      mend('host', 'Set-SmbServerConfiguration -EnableSecuritySignature $true -RequireSecuritySignature $true -Force'),
      mend('host', 'Get-SmbServerConfiguration | Format-List *SecuritySignature*'),
    ],
    error,
  });
}

function unencrypted(error: UsherError): Finding {
  return finding({
    check: 'encryption',
    of: 'logon',
    verdict: 'problem',
    summary: 'the host may demand encryption, and there is no cipher in common',
    meaning: 'SMB 3.0 or later is needed for it, with AES-CCM or AES-GCM; SMB 2 has none.',
    mends: [
      mend('host', 'Get-SmbServerConfiguration | Format-List EncryptData, RejectUnencryptedAccess, EncryptionCiphers'),
      mend('host', 'Set-SmbServerConfiguration -RejectUnencryptedAccess $false -Force   # signs only; for old clients'),
    ],
    error,
  });
}
