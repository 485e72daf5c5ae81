import { createCipheriv } from 'node:crypto';

const blockLength = 16;
const zeros = new Uint8Array(blockLength);

/** AES-128-CMAC (RFC 4493) of the parts one after the other, 16 bytes. */
export function aesCmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const message = Buffer.concat(parts);
  const blocks = Math.max(1, Math.ceil(message.length / blockLength));
  const whole = message.length > 0 && message.length % blockLength === 0;
  const data = new Uint8Array(blocks * blockLength);
  data.set(message);
  if (!whole) data[message.length] = 0x80;
  const [k1, k2] = subkeys(key);
  const last = data.subarray(-blockLength);
  last.set(last.map((byte, at) => byte ^ ((whole ? k1 : k2)[at] as number)));
  return encrypt(key, data).subarray(-blockLength);
}

/** Generate_Subkey (section 2.3). */
function subkeys(key: Uint8Array): readonly [k1: Uint8Array, k2: Uint8Array] {
  const k1 = doubled(encrypt(key, zeros));
  return [k1, doubled(k1)];
}

/** Times x in the field of the block cipher: const_Rb is 0x87. */
function doubled(block: Uint8Array): Uint8Array {
  const result = block.map((byte, at) => ((byte << 1) | ((block[at + 1] ?? 0) >> 7)) & 0xff);
  if ((block[0] as number) >> 7 === 1) result[blockLength - 1] = (result[blockLength - 1] as number) ^ 0x87;
  return result;
}

function encrypt(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return createCipheriv('aes-128-cbc', key, zeros).setAutoPadding(false).update(blocks);
}
