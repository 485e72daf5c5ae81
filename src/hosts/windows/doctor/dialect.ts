import type { UsherError } from '../../../sessions/errors.ts';
import type { Agreement } from '../../../wire/smb/connection/negotiation.ts';
import { isSmb3 } from '../../../wire/smb/keys/dialects.ts';
import type { Finding } from '../../finding.ts';
import { failureAt, finding, mend } from './finding.ts';

const check = 'dialect';

export function dialectFinding({ dialect }: Pick<Agreement, 'dialect'>): Finding {
  if (isSmb3(dialect)) return finding({ check, verdict: 'ok', summary: `SMB ${dialect} is spoken` });
  return finding({
    check,
    verdict: 'warning',
    summary: `SMB ${dialect} is the best that the host speaks`,
    meaning: 'SMB 2.0.2 and 2.1 cannot encrypt: messages are signed, and RPC inside of them is sealed all the same.',
    mends: [mend('host', '(Get-SmbServerConfiguration).Smb2DialectMax   # where it is set lower than the host can')],
  });
}

/** Of a host that agrees to no dialect of SMB 2 or 3. */
export function noDialectFinding(host: string, error: UsherError, speaksSmb1: boolean): Finding {
  const told = { check, verdict: 'problem', error: failureAt(host, error) } as const;
  if (speaksSmb1) {
    return finding({
      ...told,
      summary: 'the host speaks SMB 1 alone, which Usher never does',
      meaning:
        'SMB 1 proves neither the host nor its messages. SMB 2 is switched off there, or the host is older than Windows Vista.',
      mends: [mend('host', 'Set-SmbServerConfiguration -EnableSMB2Protocol $true -EnableSMB1Protocol $false -Force')],
    });
  }
  if (error.code === 'connection_lost' || error.code === 'timeout') {
    return finding({
      ...told,
      summary:
        error.code === 'timeout'
          ? 'what listens there says nothing'
          : 'what listens there hangs up on the first word of SMB 2',
      meaning:
        'It is not SMB, SMB 2 is switched off, the host takes no more connections, or a firewall cuts them once they are made.',
      mends: [mend('host', '(Get-SmbServerConfiguration).EnableSMB2Protocol; Get-Service LanmanServer')],
    });
  }
  return finding({
    ...told,
    summary: 'what listens there agrees to no dialect of SMB 2 or 3',
    meaning: 'Another service listens on this port, or the host demands a dialect that Usher does not know.',
    mends: [mend('host', 'Get-SmbServerConfiguration | Format-List Smb2Dialect*, EnableSMB*')],
  });
}
