/** What is asked for, before any configuration was read. */
export interface SshTarget {
  /** The name that `Host` is matched with. */
  readonly alias: string;
  readonly user: string | null;
  readonly port: number | null;
}
