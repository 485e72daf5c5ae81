import { bytes } from '../../ndr/arrays.ts';
import { rpcCall } from '../../ndr/call.ts';
import { i32, u16, u32 } from '../../ndr/primitives.ts';
import { struct } from '../../ndr/struct.ts';
import { union } from '../../ndr/union.ts';
import { tsvipPublic } from '../interfaces.ts';
import { socketAddresses } from '../socket-address.ts';

/** TSVIPAddress (MS-TSTS 2.2.2.49). */
const tsvipAddress = struct({
  dwVersion: u32,
  /** TSVIP_SOCKADDR (2.2.2.48). */
  ipAddress: union(u16, socketAddresses),
  /** A mask in network byte order for IPv4, a prefix length for IPv6. */
  prefixOrSubnetMask: u32,
  physicalAddressLength: u32,
  /** By its length_is in the IDL it would be a varying array; the only other program that is known to speak this sends all of it. */
  physicalAddress: bytes(16),
  leaseExpires: u32,
  t1: u32,
  t2: u32,
});

/** TSVIPSession (2.2.2.50). */
const tsvipSession = struct({ dwVersion: u32, sessionId: u32, sessionIP: tsvipAddress });

/** RpcGetSessionIP (MS-TSTS 3.9.4.1.1). */
export const getSessionIp = rpcCall(tsvipPublic, {
  name: 'RpcGetSessionIP',
  opnum: 0,
  request: {
    /** 2 for IPv4, 23 for IPv6. */
    family: u16,
    sessionId: u32,
  },
  response: {
    ppVIPSession: tsvipSession,
    returnValue: i32,
  },
});
