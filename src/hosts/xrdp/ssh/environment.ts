import type { Host } from '../../../sessions/host.ts';
import type { Credential } from '../../credential.ts';

/** What SSH takes from the account and the machine that Usher runs on. Only `main/` reads it from the process. */
export interface SshEnvironment {
  /** The home directory of the account. */
  readonly home: string;
  /** The account's name: who logs on where neither the URL, the credential nor the configuration says. */
  readonly account: string;
  /** The account's number, null on Windows. */
  readonly uid: number | null;
  /** This machine's name. */
  readonly machine: string;
  readonly platform: 'win32' | 'posix';
  /** Environment variables: `SSH_AUTH_SOCK`, and what `${NAME}` in the configuration refers to. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /**
   * As `ssh -F`: this file alone is read, or none for `none`. Null: `~/.ssh/config`, then `ssh_config` of
   * `systemDirectory`.
   */
  readonly configFile: string | null;
  /** Where the system's `ssh_config` and `ssh_known_hosts` are: `/etc/ssh`. */
  readonly systemDirectory: string;
  /**
   * What to log on with at a jump host. Null: keys and the agent alone, so that no password meant for the host
   * reaches the machine in front of it.
   */
  readonly jumpCredential: ((jump: Host) => Credential) | null;
}
