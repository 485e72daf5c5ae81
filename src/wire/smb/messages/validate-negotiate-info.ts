import { octets, u16, u32, type ValueOf } from '../../bytes/codec.ts';
import { counted } from '../../bytes/counted.ts';
import { layout } from '../../bytes/layout.ts';

/** VALIDATE_NEGOTIATE_INFO Request (MS-SMB2 2.2.31.4): the input of an IOCTL. */
export const validateNegotiateInfoRequest = layout({
  capabilities: u32,
  guid: octets(16),
  securityMode: u16,
  dialects: counted(u16, u16),
});

/** VALIDATE_NEGOTIATE_INFO Response (2.2.32.6): the output of that IOCTL. */
export const validateNegotiateInfoResponse = layout({
  capabilities: u32,
  guid: octets(16),
  securityMode: u16,
  dialect: u16,
});

export type ValidateNegotiateInfoRequest = ValueOf<typeof validateNegotiateInfoRequest>;
export type ValidateNegotiateInfoResponse = ValueOf<typeof validateNegotiateInfoResponse>;
