import type { SshEnvironment } from './ssh/environment.ts';

/** What the driver needs to know of the machine that it runs on. */
export interface XrdpSurroundings {
  readonly ssh: SshEnvironment;
  /** `process.platform`. */
  readonly platform: string;
  /** The account that Usher runs as. */
  readonly localUser: string;
  now(): Temporal.Instant;
}
