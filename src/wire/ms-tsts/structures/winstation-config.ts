import { bytes } from '../../ndr/arrays.ts';
import { cStructure } from '../../ndr/c-structure.ts';
import { u32, u8 } from '../../ndr/primitives.ts';
import { wideChars } from '../../ndr/text.ts';

/** USERCONFIG (MS-TSTS 2.2.2.18): what a user's account says of his sessions. */
export const userConfig = cStructure({
  /** fInheritAutoLogon and the 31 bits that follow it. */
  flags: u32,
  /** fDisableLPT and the bits that follow it. */
  moreFlags: u32,
  userName: wideChars(21),
  domain: wideChars(18),
  password: wideChars(15),
  workDirectory: wideChars(257),
  initialProgram: wideChars(257),
  callbackNumber: wideChars(51),
  /** CALLBACKCLASS (2.2.2.18.1). */
  callback: u32,
  /** SHADOWCLASS (2.2.1.11). */
  shadow: u32,
  /** In milliseconds, like the limits below. */
  maxConnectionTime: u32,
  maxDisconnectionTime: u32,
  maxIdleTime: u32,
  keyboardLayout: u32,
  minEncryptionLevel: u8,
  nwLogonServer: wideChars(48),
  publishedName: wideChars(65),
  wfProfilePath: wideChars(257),
  wfHomeDir: wideChars(257),
  wfHomeDirDrive: wideChars(4),
});

/** WINSTATIONCONFIG (2.2.2.30.1). */
export const winStationConfig = cStructure({
  comment: wideChars(61),
  user: userConfig,
  oemId: bytes(4),
});
