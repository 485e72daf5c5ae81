import { withValue } from '../world/registry/hive.ts';
import { dword } from '../world/registry/values.ts';
import { drainMode, keyPaths } from '../world/registry/windows-hive.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, wordOf } from './settings.ts';

/** Nobody new is let in; who has a session comes back to it. */
export const drains: BehaviourKind = {
  name: 'drains',
  summary: 'new logons are refused, reconnects are not: until=changed|restart (changed), as TSServerDrainMode has it',
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, ['until']);
    const until = wordOf(settings, 'until', ['changed', 'restart'], 'changed');
    const mode = until === 'restart' ? drainMode.untilRestart : drainMode.on;
    return {
      name: this.name,
      begins(host) {
        host.registry = withValue(host.registry, keyPaths.terminalServer, dword('TSServerDrainMode', mode), host.now());
      },
    };
  },
};
