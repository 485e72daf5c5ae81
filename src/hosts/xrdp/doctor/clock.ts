import type { Host } from '../../../sessions/host.ts';
import { type Finding, finding } from '../../finding.ts';
import { asRoot } from './place.ts';

/** When a question was asked, and when its answer was here, by this machine's clock. */
export interface Asked {
  readonly before: Temporal.Instant;
  readonly after: Temporal.Instant;
}

/** A difference that nobody notices, in seconds. */
const unnoticed = 2;

/** How the host's clock differs from ours. The answer's way is part of what is not known. */
export function clockFinding(host: Host, hostNow: number, { before, after }: Asked): Finding {
  const [from, to] = [before.epochMilliseconds / 1000, after.epochMilliseconds / 1000];
  const skew = hostNow - (from + to) / 2;
  const unsure = (to - from) / 2;
  const details = [
    `host ${Temporal.Instant.fromEpochMilliseconds(Math.round(hostNow * 1000)).toString()}, here ${after.toString()}, known to ${unsure.toFixed(2)} s`,
  ];
  if (Math.abs(skew) <= unnoticed + unsure) {
    return finding('clock', 'ok', "the host's clock is the same as here", { details });
  }
  const how = `${spoken(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'}`;
  return finding('clock', 'warning', `the host's clock is ${how} this machine's`, {
    meaning:
      'Times in a list are the host’s own: when somebody logged on or left looks wrong by as much beside this machine’s clock and other hosts’. How long a session has been idle is not affected.',
    mends: [
      {
        where: asRoot(host),
        paste: 'timedatectl set-ntp true    # with systemd\nchronyc makestep            # where chrony keeps the time',
      },
    ],
    details,
  });
}

/** `7 s`, `4 min`, `3 h`, `2 d`. */
function spoken(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
