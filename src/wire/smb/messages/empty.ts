import { type Codec, u16 } from '../../bytes/codec.ts';
import { fixed, layout, unused } from '../../bytes/layout.ts';

const body = layout({ structureSize: fixed(u16, 4), reserved: unused(2) });

/** What follows the header of a message that says all in its header. */
export const empty: Codec<null> = {
  read(from) {
    body.read(from);
    return null;
  },
  write: (to) => body.write(to, {}),
};
