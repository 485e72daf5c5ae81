import { formatHostUrl, type Host } from '../sessions/host.ts';

/** What is done while a host is connected to; its URL is in it only where it is called otherwise. */
export function connectingTo({ name, url }: Host): string {
  const text = formatHostUrl(url);
  return name === text ? 'connecting' : `connecting to ${text}`;
}
