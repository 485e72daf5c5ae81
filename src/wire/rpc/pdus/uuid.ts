import type { Codec } from '../../bytes/codec.ts';

const shape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A UUID as lower-case text; its first three fields travel little-endian ([C706] appendix A, [MS-RPCE] 2.2.1.1.3). */
export const uuid: Codec<string> = {
  read(from) {
    const fields = [hex(from.u32(), 8), hex(from.u16(), 4), hex(from.u16(), 4)];
    const tail = Buffer.from(from.take(8)).toString('hex');
    return `${fields.join('-')}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  },
  write(to, value) {
    const [timeLow = '', timeMid = '', timeHigh = '', clock = '', node = ''] = checked(value).split('-');
    to.u32(Number.parseInt(timeLow, 16));
    to.u16(Number.parseInt(timeMid, 16));
    to.u16(Number.parseInt(timeHigh, 16));
    to.put(Buffer.from(clock + node, 'hex'));
  },
};

export const nilUuid = '00000000-0000-0000-0000-000000000000';

function checked(value: string): string {
  const lower = value.toLowerCase();
  if (!shape.test(lower)) throw new RangeError(`${value} is no UUID`);
  return lower;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
