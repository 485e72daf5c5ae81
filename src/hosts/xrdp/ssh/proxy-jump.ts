import { UsherError } from '../../../sessions/errors.ts';
import { type HostUrl, parseHostUrl } from '../../../sessions/host.ts';
import type { SshTarget } from './target.ts';

/** One machine of a ProxyJump list. */
export type JumpTarget = SshTarget;

const mostJumps = 8;

/** Reads `[user@]host[:port]` or `ssh://…`, joined by commas, or `none`. Throws {@link UsherError} `bad_file`. */
export function parseProxyJump(text: string): readonly JumpTarget[] {
  if (text.toLowerCase() === 'none') return [];
  const parts = text.split(',');
  if (parts.length > mostJumps) throw notAJump(text);
  return parts.map((part) => parseJump(part.trim(), text));
}

function parseJump(part: string, whole: string): JumpTarget {
  const at = part.lastIndexOf('@');
  try {
    const url = parseHostUrl(
      part.startsWith('ssh://')
        ? part
        : `ssh://${at < 0 ? '' : `${encodeURIComponent(part.slice(0, at))}@`}${part.slice(at + 1)}`,
    );
    if (url.scheme !== 'ssh') throw notAJump(whole);
    return { alias: url.address, user: sshUser(url), port: url.port };
  } catch (error) {
    throw notAJump(whole, error);
  }
}

/** The account as sshd takes it: `CORP\\bob` where the URL has a domain. */
export function sshUser(url: Exclude<HostUrl, { scheme: 'local' }>): string | null {
  return url.domain === null || url.user === null ? url.user : `${url.domain}\\${url.user}`;
}

function notAJump(text: string, cause?: unknown): UsherError {
  return new UsherError({
    code: 'bad_file',
    message: `'${text.slice(0, 120)}' is no value for ProxyJump of the SSH configuration`,
    hint: 'write [user@]host[:port], several joined by commas, or none',
    cause,
  });
}
