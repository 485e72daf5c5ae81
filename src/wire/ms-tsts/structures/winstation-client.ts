import { cStructure } from '../../ndr/c-structure.ts';
import { u16, u32, u8 } from '../../ndr/primitives.ts';
import { wideChars } from '../../ndr/text.ts';
import { tsTimeZoneInformation } from './ts-time-zone-information.ts';

/** WINSTATIONCLIENT (MS-TSTS 2.2.2.19): what a client said of itself. */
export const winStationClient = cStructure({
  /** fTextOnly and the bits that follow it. */
  flags: u32,
  clientName: wideChars(21),
  domain: wideChars(18),
  userName: wideChars(21),
  password: wideChars(15),
  workDirectory: wideChars(257),
  initialProgram: wideChars(257),
  serialNumber: u32,
  encryptionLevel: u8,
  /** 2 for IPv4, 23 for IPv6. */
  clientAddressFamily: u32,
  clientAddress: wideChars(31),
  /** In pixels. */
  hRes: u16,
  vRes: u16,
  colorDepth: u16,
  /** 0 for the console, 2 for RDP. */
  protocolType: u16,
  keyboardLayout: u32,
  keyboardType: u32,
  keyboardSubType: u32,
  keyboardFunctionKey: u32,
  imeFileName: wideChars(33),
  clientDirectory: wideChars(257),
  clientLicense: wideChars(33),
  clientModem: wideChars(41),
  clientBuildNumber: u32,
  clientHardwareId: u32,
  clientProductId: u16,
  outBufCountHost: u16,
  outBufCountClient: u16,
  outBufLength: u16,
  audioDriverName: wideChars(9),
  clientTimeZone: tsTimeZoneInformation,
  clientSessionId: u32,
  clientDigProductId: wideChars(32),
  performanceFlags: u32,
  activeInputLocale: u32,
});
