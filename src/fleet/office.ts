import { BlockList, isIP } from 'node:net';

/** Where a client stands: in the office's networks, elsewhere, or nobody knows. */
export type Whereabouts = 'inside' | 'outside' | 'unknown';

/**
 * The networks of an office that names none: those that are nobody's in public (RFC 1918, RFC 4193, RFC 6598), loopback and
 * link-local.
 */
export const usualOffice: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
];

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads `10.0.0.0/8`, `fd00::/8` or an address alone; null where it is none. */
export function networkOf(text: string): Network | null {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return null;
  const longest = version === 4 ? 32 : 128;
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return null;
  const prefix = bits === undefined ? longest : Number(bits);
  return prefix > longest ? null : { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** Tells of a transport address whether it is inside of these networks. What a client says of itself tells nothing. */
export function whereabouts(networks: readonly string[]): (address: string | null) => Whereabouts {
  let office: BlockList | null = null;
  return (told) => {
    const address = told?.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
    const version = isIP(address);
    if (version === 0) return 'unknown';
    office ??= officeOf(networks);
    return office.check(address, version === 4 ? 'ipv4' : 'ipv6') ? 'inside' : 'outside';
  };
}

function officeOf(networks: readonly string[]): BlockList {
  const office = new BlockList();
  for (const text of networks) {
    const network = networkOf(text);
    if (network !== null) office.addSubnet(network.address, network.prefix, network.family);
  }
  return office;
}
