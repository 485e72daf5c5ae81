import { cStructure } from '../../ndr/c-structure.ts';
import { hyper, u32 } from '../../ndr/primitives.ts';
import { wideChars } from '../../ndr/text.ts';
import { protocolStatus } from './protocol-status.ts';

/** WINSTATIONINFORMATION (MS-TSTS 2.2.2.20). Times count 100 ns from the beginning of 1601, UTC. */
export const winStationInformation = cStructure({
  /** WINSTATIONSTATECLASS. */
  connectState: u32,
  winStationName: wideChars(33),
  logonId: u32,
  connectTime: hyper,
  disconnectTime: hyper,
  lastInputTime: hyper,
  logonTime: hyper,
  status: protocolStatus,
  domain: wideChars(18),
  userName: wideChars(21),
  /** The server's clock. */
  currentTime: hyper,
});
