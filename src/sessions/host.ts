import { UsherError } from './errors.ts';

/** How a host is reached. `local:` is the machine that Usher runs on. */
export type HostUrl =
  | { readonly scheme: 'local' }
  | {
      readonly scheme: 'ssh' | 'windows';
      /** Null: whatever the credential, the SSH configuration or the terminal says. */
      readonly user: string | null;
      readonly domain: string | null;
      /** A name or an address, IPv6 without brackets. */
      readonly address: string;
      /** Null: the scheme's own, or what the SSH configuration says. */
      readonly port: number | null;
    };

/** A host to speak to: what it is called, and how to reach it. */
export interface Host {
  /** Its name in the inventory, or its URL where it has none. */
  readonly name: string;
  readonly url: HostUrl;
  /** Windows: the value of TSServerDrainMode that outlasts a restart, where that is known of this host. */
  readonly lastingDrain?: 1 | 2 | undefined;
}

const urlPattern = /^(ssh|windows):\/\/(?:([^@/\s]+)@)?(\[[0-9A-Fa-f:.%a-z]+\]|[^@:/[\]\s]+)(?::(\d{1,5}))?\/?$/;
const longestUrl = 512;

/** Whether the text claims to be a URL, well formed or not. */
export function looksLikeHostUrl(text: string): boolean {
  return text === 'local:' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/** Reads `ssh://[user@]host[:port]`, `windows://[domain\]user@host[:port]` or `local:`. Throws {@link UsherError} `usage`. */
export function parseHostUrl(text: string): HostUrl {
  if (text === 'local:') return { scheme: 'local' };
  const match = text.length > longestUrl ? null : urlPattern.exec(text);
  const [, scheme, account = '', address, portText] = match ?? [];
  const port = portText === undefined ? null : Number(portText);
  if (address === undefined || (port !== null && (port < 1 || port > 65_535))) throw notAHost(text);
  if (account.includes(':')) {
    throw new UsherError({
      code: 'usage',
      message: 'a host URL takes no password',
      hint: 'give it through the inventory, USHER_PASSWORD or --password-file',
    });
  }
  const [first, second] = decodeAccount(account, text);
  return {
    scheme: scheme === 'ssh' ? 'ssh' : 'windows',
    user: (second ?? first) || null,
    domain: second === undefined ? null : first || null,
    address: address.replace(/^\[|\]$/g, ''),
    port,
  };
}

function decodeAccount(account: string, text: string): [string, string?] {
  try {
    const decoded = decodeURIComponent(account);
    const cut = decoded.indexOf('\\');
    return cut < 0 ? [decoded] : [decoded.slice(0, cut), decoded.slice(cut + 1)];
  } catch {
    throw notAHost(text);
  }
}

function notAHost(text: string): UsherError {
  return new UsherError({
    code: 'usage',
    message: `'${text.replace(/^([^:]*:\/\/[^:]*|[^:]*):.*@/s, '$1:…@').slice(0, 120)}' is not a host`,
    hint: mendOf(text) ?? howToWrite,
  });
}

const howToWrite = String.raw`write 'windows://DOMAIN\user@host[:port]' (a backslash needs the quotes), ssh://user@host[:port], local:, or the name of a host of the inventory`;

/** What is to be written instead of a Windows account's usual other forms; null where it is none of them. */
function mendOf(text: string): string | null {
  const [, domain, user, host] = /^windows:\/\/([^\s:@\\/]+)\/([^\s:@\\/]+)@([^\s:@\\/]+)(?::\d+)?$/.exec(text) ?? [];
  if (host !== undefined)
    return `a domain ends with a backslash, which needs quotes: 'windows://${domain}\\${user}@${host}'`;
  const [, name, realm, address] = /^windows:\/\/([^\s:@\\/]+)@([^\s:@\\/]+)@([^\s:@\\/]+)(?::\d+)?$/.exec(text) ?? [];
  return address === undefined ? null : `the @ of an account is written %40: windows://${name}%40${realm}@${address}`;
}

/** The URL as text, with the characters that it gives a meaning to escaped in the user and domain. */
export function formatHostUrl(url: HostUrl): string {
  if (url.scheme === 'local') return 'local:';
  const escape = (part: string): string => part.replace(/[\s%@:/\\]/g, encodeURIComponent);
  const domain = url.domain === null ? '' : `${escape(url.domain)}\\`;
  const user = url.user === null ? '' : `${domain}${escape(url.user)}@`;
  const address = url.address.includes(':') ? `[${url.address}]` : url.address;
  return `${url.scheme}://${user}${address}${url.port === null ? '' : `:${url.port}`}`;
}
