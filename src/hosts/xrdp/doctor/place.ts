import type { Host } from '../../../sessions/host.ts';

/** Where a command is to be run: `on xh1`, `on this machine`. */
export function onHost({ name, url }: Host): string {
  if (url.scheme === 'local') return 'on this machine';
  return `on ${name.includes('://') ? url.address : name}`;
}

/** The same for one that needs root. */
export const asRoot = (host: Host): string => `${onHost(host)}, as root`;
