import { badField, type Fields } from './fields.ts';

/** A screen as the setup reply describes it (X Window System Protocol, Connection Setup, Screen Information). */
export interface Screen {
  readonly root: number;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  readonly whitePixel: number;
  readonly blackPixel: number;
  /** Bits of a pixel that mean something. */
  readonly depth: number;
  /** Where the root's visual is TrueColor, the bits of each colour in a pixel; otherwise null. */
  readonly masks: ColourMasks | null;
}

/** Bits of a pixel, each a run without gaps. */
export interface ColourMasks {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

const what = 'setup reply';
const trueColor = 4;
const visualLength = 24;

/** Reads the SCREEN at this offset of a setup reply. */
export function readScreen(fields: Fields, at: number): Screen {
  const width = fields.u16(at + 20, 'width-in-pixels');
  const height = fields.u16(at + 22, 'height-in-pixels');
  if (width === 0 || height === 0) throw badField(what, 'width-in-pixels', `makes a screen of ${width}x${height}`);
  const depth = fields.u8(at + 38, 'root-depth');
  if (depth === 0 || depth > 32) throw badField(what, 'root-depth', `is ${depth}`);
  return {
    root: fields.u32(at, 'root'),
    width,
    height,
    whitePixel: fields.u32(at + 8, 'white-pixel'),
    blackPixel: fields.u32(at + 12, 'black-pixel'),
    depth,
    masks: readMasks(fields, at),
  };
}

function readMasks(fields: Fields, at: number): ColourMasks | null {
  const wanted = fields.u32(at + 32, 'root-visual');
  const depths = fields.u8(at + 39, 'number of depths');
  let next = at + 40;
  for (let depth = 0; depth < depths; depth++) {
    const visuals = fields.u16(next + 2, 'number of visuals');
    next += 8;
    for (let visual = 0; visual < visuals; visual++, next += visualLength) {
      if (fields.u32(next, 'visual-id') !== wanted) continue;
      if (fields.u8(next + 4, 'visual class') !== trueColor) return null;
      return {
        red: readMask(fields, next + 8, 'red-mask'),
        green: readMask(fields, next + 12, 'green-mask'),
        blue: readMask(fields, next + 16, 'blue-mask'),
      };
    }
  }
  throw badField(what, 'root-visual', `is 0x${wanted.toString(16)}, which is none of the screen's visuals`);
}

function readMask(fields: Fields, at: number, field: string): number {
  const mask = fields.u32(at, field);
  if (!/^0*1+0*$/.test(mask.toString(2))) throw badField(what, field, `is 0x${mask.toString(16)}, no run of bits`);
  return mask;
}
