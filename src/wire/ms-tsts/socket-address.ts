import { bytes } from '../ndr/arrays.ts';
import { primitive, u16, u32 } from '../ndr/primitives.ts';
import { struct } from '../ndr/struct.ts';
import { octets } from '../bytes/codec.ts';

/** The arms of RCM_REMOTEADDRESS and TSVIP_SOCKADDR by their family (MS-TSTS 2.2.2.43, 2.2.2.48). Addresses are in network order. */
export const socketAddresses = {
  2: struct({ sinPort: u16, inAddr: primitive(4, octets(4)), sinZero: bytes(8) }),
  23: struct({ sin6Port: u16, sin6Flowinfo: u32, sin6Addr: bytes(16), sin6ScopeId: u32 }),
} as const;
