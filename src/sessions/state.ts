/**
 * The states a session can be in, in the order and with the names of WTS_CONNECTSTATE_CLASS
 * ([MS-TSTS] 2.2.1.9, WINSTATIONSTATECLASS), lower case as qwinsta prints them.
 */
export const sessionStates = [
  'active',
  'connected',
  'connect-query',
  'shadow',
  'disconnected',
  'idle',
  'listen',
  'reset',
  'down',
  'init',
] as const;

export type SessionState = (typeof sessionStates)[number];

export function isSessionState(text: string): text is SessionState {
  return (sessionStates as readonly string[]).includes(text);
}
