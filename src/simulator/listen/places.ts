import { UsherError } from '../../sessions/errors.ts';

/** Where a simulated host is spoken to. */
export interface Place {
  /** An IPv4 address of the loopback network. */
  readonly address: string;
  readonly port: number;
}

/** The loopback addresses that hosts are given, one each, and the port of them all. */
export interface LoopbackRange {
  /** The first address that a host is given, as a number. */
  readonly first: number;
  /** How many hosts have room. */
  readonly size: number;
  readonly port: number;
}

const form = /^(?<address>\d{1,3}(?:\.\d{1,3}){3})(?:\/(?<bits>\d{1,2}))?:(?<port>\d{1,5})$/u;
const hint = "write an address of the loopback network and a port, such as '127.64.0.0/16:4450'";

/** The range of `127.64.0.0/16:4450`, or of `127.0.0.1:4450` for one host. Throws `UsherError` `usage`. */
export function parseRange(text: string): LoopbackRange {
  const { address = '', bits = '32', port = '' } = form.exec(text)?.groups ?? {};
  const octets = address.split('.').map(Number);
  const [length, number] = [Number(bits), Number(port)];
  const isRange = octets.length === 4 && octets.every((octet) => octet <= 255) && length <= 32 && number > 0;
  if (!isRange || number > 0xffff) throw new UsherError({ code: 'usage', message: `'${text}' is no range`, hint });
  if (octets[0] !== 127 || length < 8) {
    const message = `'${text}' is not within 127.0.0.0/8, which nobody but this machine can reach`;
    throw new UsherError({ code: 'usage', message, hint });
  }
  const value = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  if (length === 32) return { first: value, size: 1, port: number };
  const size = 2 ** (32 - length);
  return { first: value - (value % size) + 1, size: size - 2 + (size === 2 ? 1 : 0), port: number };
}

/** Where so many hosts are spoken to: an address each. Throws `UsherError` `usage` where there is no room. */
export function placesOf({ first, size, port }: LoopbackRange, hosts: number): readonly Place[] {
  if (hosts > size) {
    const message = `there is room for ${size} hosts, where ${hosts} are wanted`;
    throw new UsherError({ code: 'usage', message, hint: "take a larger range, such as '127.64.0.0/16:4450'" });
  }
  return Array.from({ length: hosts }, (_, at) => ({ address: addressOf(first + at), port }));
}

/** Where so many hosts are spoken to on a system that has 127.0.0.1 alone: a port each. Throws `UsherError` `usage`. */
export function portsOf({ port }: LoopbackRange, hosts: number): readonly Place[] {
  if (port + hosts - 1 > 0xffff) {
    const message = `there are not ${hosts} ports from ${port} on`;
    throw new UsherError({ code: 'usage', message, hint: 'take a lower port, or fewer hosts' });
  }
  return Array.from({ length: hosts }, (_, at) => ({ address: '127.0.0.1', port: port + at }));
}

const addressOf = (value: number): string =>
  [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff].join('.');
