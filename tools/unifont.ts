import { readFileSync, writeFileSync } from 'node:fs';
import { packFont } from './unifont/pack.ts';

const target = 'src/hosts/xrdp/message/font/unifont.bin';

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error('usage: node tools/on-node.cjs tools/unifont.ts PATH-OF-unifont.hex');
  process.exitCode = 2;
} else {
  const packed = packFont(readFileSync(source, 'latin1'));
  writeFileSync(target, packed);
  console.log(`${target}: ${packed.length} bytes`);
}
