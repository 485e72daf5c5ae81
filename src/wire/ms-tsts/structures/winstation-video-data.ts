import { cStructure } from '../../ndr/c-structure.ts';
import { u16 } from '../../ndr/primitives.ts';

/** WINSTATIONVIDEODATA (MS-TSTS 2.2.2.33). */
export const winStationVideoData = cStructure({
  /** In pixels. */
  hResolution: u16,
  vResolution: u16,
  fColorDepth: u16,
});
