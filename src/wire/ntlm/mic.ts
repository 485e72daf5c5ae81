import { hmacMd5 } from '../crypto/hash.ts';
import { micOffset } from './authenticate-message.ts';

/** The three messages of a logon, as they were sent. */
export interface LogonMessages {
  readonly negotiate: Uint8Array;
  readonly challenge: Uint8Array;
  readonly authenticate: Uint8Array;
}

/** The MIC of an AUTHENTICATE_MESSAGE that has room for one ([MS-NLMP] 3.1.5.1.2), whatever lies there now. */
export function micOf(exportedSessionKey: Uint8Array, messages: LogonMessages): Uint8Array {
  return hmacMd5(
    exportedSessionKey,
    messages.negotiate,
    messages.challenge,
    withMic(messages.authenticate, new Uint8Array(16)),
  );
}

export function withMic(authenticate: Uint8Array, mic: Uint8Array): Uint8Array {
  const bytes = authenticate.slice();
  bytes.set(mic, micOffset);
  return bytes;
}
