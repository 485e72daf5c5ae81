import type { Host } from '../../../sessions/host.ts';
import { winreg } from '../../../wire/ms-rrp/interface.ts';
import type { OpenPipe } from '../rpc-pipe.ts';
import { Registry } from '../registry/registry.ts';
import { withPipe } from './lazy-pipe.ts';
import { startService } from './mend.ts';

/** Works on the host's registry over a pipe of its own. Throws `unsupported` where its service does not run. */
export function inRegistry<T>(
  { host, open }: { readonly host: Host; readonly open: OpenPipe },
  work: (registry: Registry) => Promise<T>,
): Promise<T> {
  const absent = {
    message: 'its registry cannot be reached: the service RemoteRegistry is switched off, so there is no pipe winreg',
    hint: startService(host, 'RemoteRegistry'),
  };
  return withPipe({ open, interface: winreg, absent }, async (pipe) => work(await Registry.open(pipe)));
}
