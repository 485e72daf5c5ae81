import { primitive } from './primitives.ts';

const form = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** A GUID (MS-DTYP 2.3.4.2), as `00112233-4455-6677-8899-aabbccddeeff`, in lower case. */
export const guid = primitive<string>(
  16,
  {
    read(from) {
      const fields = [from.u32(), from.u16(), from.u16()].map((field, at) => digits(field, at === 0 ? 8 : 4));
      const rest = Buffer.from(from.take(8)).toString('hex');
      return [...fields, rest.slice(0, 4), rest.slice(4)].join('-');
    },
    write(to, value) {
      const [, data1, data2, data3, data4, data5] = form.exec(value) ?? [];
      if (data1 === undefined) throw new RangeError(`${value} is no GUID`);
      to.u32(Number(`0x${data1}`));
      to.u16(Number(`0x${data2}`));
      to.u16(Number(`0x${data3}`));
      to.put(Buffer.from(`${data4}${data5}`, 'hex'));
    },
  },
  4,
);

export const noGuid = '00000000-0000-0000-0000-000000000000';

function digits(value: number, count: number): string {
  return value.toString(16).padStart(count, '0');
}
