import { unique } from '../ndr/pointer.ts';
import { bufferedWide } from '../ndr/text.ts';
import type { Ndr } from '../ndr/type.ts';

/** The most characters that 16 bits can count in bytes. */
const buffer = unique(bufferedWide({ most: 0x7fff }));

/** RRP_UNICODE_STRING (MS-RRP 2.2.4): a name, null where there is none. Its terminator, which no caller sees, is counted. */
export const unicodeString: Ndr<string | null> = {
  alignment: 4,
  read(from, put) {
    from.align(4);
    const length = from.u16();
    from.skip(2);
    buffer.read(from, (value) => put(value === null ? null : unterminated(value.text.slice(0, length / 2))));
  },
  write(to, value) {
    const text = value === null ? '' : `${value}\0`;
    const length = 2 * text.length;
    if (length > 0xffff) throw new RangeError(`${text.length} characters in a name`);
    to.align(4);
    to.u16(length);
    to.u16(length);
    buffer.write(to, value === null ? null : { maximum: text.length, text });
  },
};

/** An RRP_UNICODE_STRING that holds nothing yet: for how many characters it has room, the terminator included. */
export const unicodeRoom: Ndr<number> = {
  alignment: 4,
  read(from, put) {
    from.align(4);
    from.skip(2);
    const room = Math.floor(from.u16() / 2);
    buffer.read(from, () => put(room));
  },
  write(to, room) {
    if (room > 0x7fff) throw new RangeError(`room for ${room} characters`);
    to.align(4);
    to.u16(0);
    to.u16(2 * room);
    buffer.write(to, room === 0 ? null : { maximum: room, text: '' });
  },
};

function unterminated(text: string): string {
  return text.endsWith('\0') ? text.slice(0, -1) : text;
}
