import { withValue } from '../world/registry/hive.ts';
import { dword } from '../world/registry/values.ts';
import { keyPaths } from '../world/registry/windows-hive.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings } from './settings.ts';

/** fDenyTSConnections is 1: nobody is let in, and the pipe of the service behind it is not there. */
export const rdpOff: BehaviourKind = {
  name: 'rdp-off',
  summary: 'Remote Desktop is off (fDenyTSConnections=1), and with it the pipe TermSrv_API_service',
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, []);
    return {
      name: this.name,
      begins(host) {
        host.registry = withValue(host.registry, keyPaths.terminalServer, dword('fDenyTSConnections', 1), host.now());
      },
    };
  },
};
