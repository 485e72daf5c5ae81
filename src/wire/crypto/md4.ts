const blockLength = 64;

/** What each round does to three words, and what it adds (RFC 1320, section 3.4). */
interface Round {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly adds: number;
  readonly shifts: readonly [number, number, number, number];
  /** Which word of the block each step takes. */
  readonly order: readonly number[];
}

const rounds: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    adds: 0,
    shifts: [3, 7, 11, 19],
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    adds: 0x5a827999,
    shifts: [3, 5, 9, 13],
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    adds: 0x6ed9eba1,
    shifts: [3, 9, 11, 15],
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
  },
];

type State = readonly [a: number, b: number, c: number, d: number];

/** MD4 (RFC 1320), 16 bytes. Only for the hash of a password that NTLM is built on. */
export function md4(data: Uint8Array): Uint8Array {
  const view = padded(data);
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < view.byteLength; at += blockLength) state = afterBlock(state, view, at);
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((word, index) => digest.setUint32(index * 4, word, true));
  return new Uint8Array(digest.buffer);
}

/** A one bit, zeros, and the length in bits as the last eight bytes (sections 3.1 and 3.2). */
function padded(data: Uint8Array): DataView {
  const bytes = new Uint8Array(Math.ceil((data.length + 9) / blockLength) * blockLength);
  bytes.set(data);
  bytes[data.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, BigInt(data.length) * 8n, true);
  return view;
}

function afterBlock(before: State, view: DataView, at: number): State {
  let [a, b, c, d] = before;
  for (const { mix, adds, shifts, order } of rounds) {
    order.forEach((word, step) => {
      const sum = (a + mix(b, c, d) + view.getUint32(at + word * 4, true) + adds) | 0;
      const shift = shifts[step % 4] as number;
      [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
    });
  }
  return [(before[0] + a) | 0, (before[1] + b) | 0, (before[2] + c) | 0, (before[3] + d) | 0];
}
