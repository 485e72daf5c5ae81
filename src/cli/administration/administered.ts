import type { HostAdministration } from '../../hosts/administration.ts';
import type { HostConnection } from '../../hosts/driver.ts';
import { UsherError } from '../../sessions/errors.ts';

interface Lack {
  /** What a Linux host does not have, as the end of a sentence. */
  readonly what: string;
  /** How the same is done there. */
  readonly instead: string;
}

/** What is done to a Windows host alone, and how it is done on a Linux host by hand. */
export const lacks = {
  listeners: {
    what: 'has no listeners that Usher could switch: its xrdp waits for clients itself',
    instead:
      'on the host: iptables -I INPUT -p tcp --dport 3389 -m conntrack --ctstate NEW -j REJECT lets no new client in and keeps those that are there',
  },
  drain: {
    what: 'has no drain mode: whoever may log on gets a session',
    instead:
      'on the host: iptables -I INPUT -p tcp --dport 3389 -m conntrack --ctstate NEW -j REJECT lets no new client in: who has a session cannot come back to it either',
  },
  restart: {
    what: 'is not restarted by Usher',
    instead: 'warn with `usher message`, then on the host, as root: systemctl reboot',
  },
  shutdown: {
    what: 'is not shut down by Usher',
    instead: 'warn with `usher message`, then on the host, as root: systemctl poweroff',
  },
  shadow: {
    what: 'makes no invitations to its sessions',
    instead: 'on the host, as root: x11vnc -display :10 -auth guess -localhost shows display :10 to a VNC viewer there',
  },
} as const satisfies Record<string, Lack>;

/** What can be done to the host itself. Throws `not_allowed` where its kind knows no such thing: it was reached, and nothing was done. */
export function administered(connection: HostConnection, wanted: keyof typeof lacks): HostAdministration {
  const { administration, host } = connection;
  if (administration !== null) return administration;
  const { what, instead } = lacks[wanted];
  throw new UsherError({ code: 'not_allowed', host: host.name, message: `a Linux host ${what}`, hint: instead });
}
