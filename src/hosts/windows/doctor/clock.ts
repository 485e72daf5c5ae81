import type { Finding } from '../../finding.ts';
import { instantOf } from '../filetime.ts';
import { finding, mend } from './finding.ts';

/** Seconds that Kerberos lets two clocks differ: five minutes are usual (RFC 4120 3.2.3), and Windows' default. */
const mostForKerberos = 300;
const mostForComfort = 60;

/** The host's clock, a FILETIME, against this computer's before and after it was told. */
export function clockFinding(systemTime: bigint, asked: Temporal.Instant, answered: Temporal.Instant): Finding {
  const check = 'clock';
  if (systemTime === 0n) {
    return finding({ check, verdict: 'unknown', summary: 'the host does not tell what its clock says' });
  }
  const told = instantOf(systemTime);
  const early = asked.epochMilliseconds - told.epochMilliseconds;
  const late = told.epochMilliseconds - answered.epochMilliseconds;
  const seconds = Math.round(Math.max(early, late, 0) / 1000);
  const details = [`the host's clock says ${told.toString()}`, `this computer's says ${answered.toString()}`];
  if (seconds === 0) return finding({ check, verdict: 'ok', summary: "the host's clock is this computer's", details });
  const summary = `the host's clock is ${seconds} s ${early > late ? 'behind' : 'ahead of'} this computer's`;
  if (seconds <= mostForComfort) return finding({ check, verdict: 'ok', summary, details });
  const mends = [mend('host', 'w32tm /query /status; w32tm /resync'), mend('here', 'timedatectl timesync-status')];
  const isTooMuch = seconds > mostForKerberos;
  return finding({
    check,
    verdict: isTooMuch ? 'problem' : 'warning',
    summary,
    meaning: isTooMuch
      ? 'Kerberos fails beyond 5 minutes, and so do logons that the host must ask its domain controller about, where its clock is the wrong one.'
      : 'Kerberos fails beyond 5 minutes. Times of sessions are told by the clock of the host.',
    mends,
    details,
  });
}
