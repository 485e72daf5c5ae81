import { decodeStructure, encodeStructure } from '../../ndr/c-structure.ts';
import { bool32, u32 } from '../../ndr/primitives.ts';
import type { Fixed } from '../../ndr/type.ts';
import { varDataWire } from '../structures/var-data-wire.ts';
import { winStationClient } from '../structures/winstation-client.ts';
import { winStationInformation } from '../structures/winstation-information.ts';
import { winStationLoadIndicatorData } from '../structures/winstation-load-indicator-data.ts';
import { winStationProdId } from '../structures/winstation-prodid.ts';
import { winStationRemoteAddress } from '../structures/winstation-remote-address.ts';
import { winStationShadow } from '../structures/winstation-shadow.ts';
import { winStationVideoData } from '../structures/winstation-video-data.ts';

/** What RpcWinStationQueryInformation may be asked for, and what its buffer then holds (MS-TSTS 3.7.4.1.6). */
export interface InformationClass<T> {
  /** WINSTATIONINFOCLASS (2.2.1.8). */
  readonly code: number;
  readonly structure: Fixed<T>;
  /** Whether a VARDATA_WIRE stands before it. */
  readonly varData: boolean;
}

function plain<T>(code: number, structure: Fixed<T>): InformationClass<T> {
  return { code, structure, varData: false };
}

function behindVarData<T>(code: number, structure: Fixed<T>): InformationClass<T> {
  return { code, structure, varData: true };
}

export const informationClass = {
  client: behindVarData(6, winStationClient),
  information: behindVarData(8, winStationInformation),
  videoData: plain(16, winStationVideoData),
  loadIndicator: plain(25, winStationLoadIndicatorData),
  shadowInfo: plain(26, winStationShadow),
  digProductId: plain(27, winStationProdId),
  lockedState: plain(28, bool32),
  remoteAddress: plain(29, winStationRemoteAddress),
  /** In seconds. */
  idleTime: plain(30, u32),
  /** RECONNECT_TYPE (2.2.1.12). */
  lastReconnectType: plain(31, u32),
  type: plain(39, u32),
} as const;

/** How many bytes a request must bring for the response: exactly these. */
export function informationLength({ structure, varData }: InformationClass<unknown>): number {
  return structure.size + (varData ? varDataWire.size : 0);
}

/** Throws `UsherError` `bad_answer`. */
export function decodeInformation<T>({ code, structure, varData }: InformationClass<T>, bytes: Uint8Array): T {
  const name = `WINSTATIONINFOCLASS ${code}`;
  const { offset } = varData ? decodeStructure(name, varDataWire, bytes) : { offset: 0 };
  return decodeStructure(name, structure, bytes.subarray(offset));
}

export function encodeInformation<T>({ structure, varData }: InformationClass<T>, value: T): Uint8Array {
  const contents = encodeStructure(structure, value);
  if (!varData) return contents;
  const head = encodeStructure(varDataWire, { size: structure.size, offset: varDataWire.size });
  return new Uint8Array(Buffer.concat([head, contents]));
}
