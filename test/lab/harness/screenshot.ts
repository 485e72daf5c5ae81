import { readFile, writeFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');

/** Turns the framebuffer file of an Xvfb of depth 24 (format XWD, as -fbdir leaves it) into a PNG file. */
export async function writeScreenshot(framebufferPath: string, pngPath: string): Promise<void> {
  const xwd = await readFile(framebufferPath);
  const [headerBytes, width, height] = [xwd.readUInt32BE(0), xwd.readUInt32BE(16), xwd.readUInt32BE(20)];
  const [bytesPerLine, colours] = [xwd.readUInt32BE(48), xwd.readUInt32BE(76)];
  const pixels = xwd.subarray(headerBytes + colours * 12);

  const lines = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const blueGreenRed = y * bytesPerLine + x * 4;
      lines.writeUIntBE(pixels.readUIntLE(blueGreenRed, 3), y * (1 + width * 3) + 1 + x * 3, 3);
    }
  }

  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))];
  await writeFile(pngPath, Buffer.concat([pngSignature, ...chunks]));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
