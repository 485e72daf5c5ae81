import { type Codec, constant, u32 } from '../bytes/codec.ts';

const ntlmssp = new TextEncoder().encode('NTLMSSP\0');

/** Signature: what every message of [MS-NLMP] 2.2 begins with. */
export const signature: Codec<null> = {
  read(from) {
    const read = from.take(ntlmssp.length);
    if (read.some((byte, at) => byte !== ntlmssp[at])) throw from.wrong('is not NTLMSSP');
    return null;
  },
  write: (to) => to.put(ntlmssp),
};

/** MessageType ([MS-NLMP] 2.2). */
export const messageTypes = { negotiate: 1, challenge: 2, authenticate: 3 } as const;

export function messageType(name: keyof typeof messageTypes): Codec<number> {
  return constant(u32, messageTypes[name]);
}
