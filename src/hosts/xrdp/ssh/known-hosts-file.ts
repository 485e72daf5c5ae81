import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsherError } from '../../../sessions/errors.ts';
import { type KnownHost, parseKnownHosts } from './known-hosts.ts';

/** Bytes of one known_hosts file. */
const largestFile = 32 << 20;

/** Reads the files that exist, in order. Throws {@link UsherError} `bad_file`: a file that cannot be read may revoke. */
export async function readKnownHosts(files: readonly string[]): Promise<readonly KnownHost[]> {
  const contents = await Promise.all(files.map(readIfPresent));
  return contents.flatMap((text, index) => parseKnownHosts(text, files[index] ?? ''));
}

async function readIfPresent(file: string): Promise<string> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return '';
    throw new UsherError({ code: 'bad_file', message: `${file} cannot be read`, cause: error });
  }
  if (content.length > largestFile) {
    throw new UsherError({ code: 'bad_file', message: `${file} is larger than ${largestFile} bytes` });
  }
  return content.toString('utf8');
}

/** Adds a line at the end of a file; makes the file (mode 0600) and its directory (0700) where they are missing. */
export async function appendKnownHost(file: string, line: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await using handle = await open(file, 'a+', 0o600);
    const { size } = await handle.stat();
    const last = size === 0 ? null : (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString('latin1');
    await handle.appendFile(`${last === null || last === '\n' ? '' : '\n'}${line}\n`);
  } catch (error) {
    throw new UsherError({ code: 'bad_file', message: `${file} cannot be written`, cause: error });
  }
}
