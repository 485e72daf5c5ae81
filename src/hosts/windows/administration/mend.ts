import type { Host } from '../../../sessions/host.ts';

/** The host as it may stand in a command that somebody pastes; `HOST` where its address is no plain word. */
export function pasteable({ url }: Host): string {
  const address = url.scheme === 'local' ? '' : url.address;
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(address) ? address : 'HOST';
}

/** How a service that is off is switched on: there, in PowerShell, or from another Windows computer. */
export function startService(host: Host, service: string): string {
  const there = `\\\\${pasteable(host)}`;
  return (
    `on the host, as administrator: Set-Service ${service} -StartupType Manual; Start-Service ${service}` +
    ` (from another Windows computer: sc.exe ${there} config ${service} start= demand, then sc.exe ${there} start ${service})`
  );
}
