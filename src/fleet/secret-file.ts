import { open } from 'node:fs/promises';
import { Secret } from '../hosts/credential.ts';
import { UsherError } from '../sessions/errors.ts';

const mostBytes = 64 * 1024;
const openToOthers = 0o077;

/**
 * The first line of a file that holds a password or passphrase. Like ssh with its keys, it refuses a file that others
 * may read. Windows has no such mode; there its folder's rights count. Throws {@link UsherError} `bad_file`.
 */
export async function readSecretFile(file: string, platform: NodeJS.Platform): Promise<Secret> {
  try {
    await using handle = await open(file, 'r');
    const { mode } = await handle.stat();
    if (platform !== 'win32' && (mode & openToOthers) !== 0) {
      throw refused(file, 'others than its owner may open it', `chmod 600 '${file}'`);
    }
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(mostBytes) });
    const whole = buffer.subarray(0, bytesRead).toString('utf8');
    const [line = ''] = whole.split(/\r?\n/, 1);
    if (line === '') throw refused(file, 'its first line is empty');
    return new Secret(line);
  } catch (error) {
    if (error instanceof UsherError) throw error;
    throw refused(file, 'it cannot be read', undefined, error);
  }
}

function refused(file: string, why: string, hint?: string, cause?: unknown): UsherError {
  return new UsherError({ code: 'bad_file', message: `the password file ${file} is not used: ${why}`, hint, cause });
}
