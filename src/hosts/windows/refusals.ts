import { UsherError } from '../../sessions/errors.ts';

/** What the account lacked where the host refused it. */
export interface Lack {
  /** `it needs WINSTATION_LOGOFF for session 3`. */
  readonly what: string;
  readonly hint: string;
}

const toGrant =
  "use an account of the host's group Administrators, or give this one full control of the listener, on the host in PowerShell: " +
  'Get-CimInstance -Namespace root/cimv2/TerminalServices -ClassName Win32_TSPermissionsSetting -Filter "TerminalName=\'RDP-Tcp\'" | ' +
  "Invoke-CimMethod -MethodName AddAccount -Arguments @{AccountName='DOMAIN\\user'; PermissionPreSet=[uint32]2}";

const permission =
  (name: string) =>
  (id: number): Lack => ({
    what: `it needs WINSTATION_${name} for session ${id}`,
    hint: toGrant,
  });

/** The permissions of [MS-TSTS] 3.1.1 that its methods check, and the right to end a process. */
export const needs = {
  query: permission('QUERY'),
  disconnect: permission('DISCONNECT'),
  logoff: permission('LOGOFF'),
  reset: permission('RESET'),
  message: permission('MSG'),
  shadow: permission('SHADOW'),
  connect: (id: number, to: number): Lack => ({
    what: `it needs WINSTATION_CONNECT for session ${id} and WINSTATION_DISCONNECT for session ${to}`,
    hint: toGrant,
  }),
  stopListener: (name: string): Lack => ({ what: `it needs WINSTATION_RESET for the listener ${name}`, hint: toGrant }),
  startListener: (name: string): Lack => ({
    what: `it needs WINSTATION_RESET and WINSTATION_QUERY for the listener ${name}`,
    hint: toGrant,
  }),
  terminate: (name: string): Lack => ({
    what: `it needs the right to end ${name}`,
    hint: "use an account of the host's group Administrators: it may end processes of others (SeDebugPrivilege)",
  }),
} as const;

/** Another session, or none: the act was not even tried. */
export function nothingDone(why: string, cause?: UsherError): UsherError {
  return new UsherError({
    code: 'session_changed',
    message: `${why}: nothing was done`,
    hint: 'list the sessions again',
    cause,
  });
}

/** The act makes no sense, or must not be. */
export const notAllowed = (why: string): UsherError =>
  new UsherError({ code: 'not_allowed', message: `${why}: nothing was done` });

/** A failure that a host answered an act with, as one that says what it was for, and that nothing was done. */
export function refused(failure: UsherError, lack: Lack): UsherError {
  const { code, message } = failure;
  switch (code) {
    case 'access_denied':
      return new UsherError({
        code,
        message: `the account may not do this, ${lack.what}: nothing was done`,
        hint: lack.hint,
        cause: failure,
      });
    case 'session_changed':
      return nothingDone(message, failure.cause instanceof UsherError ? failure.cause : undefined);
    // What a session asks of its caller says nothing of the password that let him in.
    case 'logon_failed':
      return new UsherError({ code: 'access_denied', message: `${message}; nothing was done`, hint: lack.hint });
    default:
      return failure;
  }
}

/** The same of a code that a call returned: whatever it says, the host has answered and did not do it. */
export function refusedByCode(failure: UsherError, lack: Lack): UsherError {
  const { code, message, hint } = failure;
  if (code !== 'bad_answer' && code !== 'unsupported') return refused(failure, lack);
  return new UsherError({ code: 'not_allowed', message: `${message}; nothing was done`, hint: hint ?? undefined });
}

/** A call whose faults are told so, too. */
export async function orRefused<T>(lack: Lack, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof UsherError ? refused(error, lack) : error;
  }
}
