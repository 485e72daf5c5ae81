import type { ActReport, ActTarget } from './act.ts';

/** A listener: what waits for clients, such as RDP-Tcp. */
export interface Listener {
  readonly id: number;
  readonly name: string;
  /** Null: the host does not tell. */
  readonly listening: boolean | null;
}

/**
 * Who may log on, as `change logon` has it: everybody (`on`); nobody new, but who has a session may reconnect (`drain`, and
 * `drain-until-restart`, which the next start of the host ends); nobody at all (`off`).
 */
export type LogonMode = 'on' | 'drain' | 'drain-until-restart' | 'off';

/** How a host goes down. */
export type ShutdownKind = 'shutdown' | 'restart' | 'power-off';

/** Whether the user's screen is only seen or also controlled, and whether the user is asked first. */
export interface ShadowRequest {
  readonly control: boolean;
  readonly ask: boolean;
}

/** What is done to a host rather than to one of its sessions. Every method throws `UsherError` with the operation in it. */
export interface HostAdministration {
  listeners(signal: AbortSignal): Promise<readonly Listener[]>;
  /** Starts or stops a listener by its name. Throws `not_found`. Sessions that are connected stay. */
  setListener(name: string, listening: boolean, signal: AbortSignal): Promise<ActReport>;
  logonMode(signal: AbortSignal): Promise<LogonMode>;
  /** Sets the mode, and reads it again: what is reported is what the host says afterwards. */
  setLogonMode(mode: LogonMode, signal: AbortSignal): Promise<ActReport>;
  /** Asks the host to go down; it answers before it does. Nobody is warned: that is done before. */
  shutdown(kind: ShutdownKind, signal: AbortSignal): Promise<ActReport>;
  /** An invitation to see a session's screen, as text for `mstsc /shadow`-like viewers (MS-RA's connection string). */
  invitation(target: ActTarget, request: ShadowRequest, signal: AbortSignal): Promise<string>;
}
