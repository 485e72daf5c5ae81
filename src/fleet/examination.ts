import type { Finding } from '../hosts/finding.ts';
import { UsherError } from '../sessions/errors.ts';
import type { FleetHost } from './inventory.ts';

/**
 * What all findings of a host come to. `works`: nothing is wrong, warnings allowed. `works-in-part`: the logon succeeds, and
 * something after it is wrong.
 */
export type HostVerdict = 'works' | 'works-in-part' | 'not-logged-on' | 'unreachable';

/** All that was found at one host. */
export interface Examination {
  readonly host: FleetHost;
  readonly verdict: HostVerdict;
  readonly findings: readonly Finding[];
}

/** The check whose finding is the logon. */
export const logonCheck = 'logon';

export function examinationOf(host: FleetHost, findings: readonly Finding[]): Examination {
  return { host, verdict: verdictOf(findings), findings };
}

function verdictOf(findings: readonly Finding[]): HostVerdict {
  const logon = findings.find(({ check }) => check === logonCheck);
  if (logon === undefined) return 'unreachable';
  if (!isLoggedOn(logon)) return 'not-logged-on';
  return findings.some(({ verdict }) => verdict === 'problem') ? 'works-in-part' : 'works';
}

export const isLoggedOn = ({ verdict }: Finding): boolean => verdict === 'ok' || verdict === 'warning';

/** What stands most in the way: the first problem, else the first that is not known; null where there is neither. */
export function worstOf(findings: readonly Finding[]): Finding | null {
  return (
    findings.find(({ verdict }) => verdict === 'problem') ??
    findings.find(({ verdict }) => verdict === 'unknown') ??
    null
  );
}

/** Why the host cannot be used at all, as an error of it; null where it can be logged on to. */
export function failureOf({ host, verdict, findings }: Examination): UsherError | null {
  if (verdict === 'works' || verdict === 'works-in-part') return null;
  const worst = worstOf(findings);
  return new UsherError({
    code: worst?.error?.code ?? (verdict === 'unreachable' ? 'unreachable' : 'logon_failed'),
    message: worst?.summary ?? 'nothing was found out',
    host: host.name,
    hint: worst?.meaning ?? undefined,
    cause: worst?.error?.cause,
  });
}
