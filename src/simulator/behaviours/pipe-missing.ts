import { pipeNames } from '../endpoint/pipes.ts';
import { isSameName } from '../world/account.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, wordOf } from './settings.ts';

/** A service does not run, or a firewall of the host hides its pipe. */
export const pipeMissing: BehaviourKind = {
  name: 'pipe-missing',
  summary: `a pipe is not there: pipe=${pipeNames.join('|')} (Ctx_WinStation_API_service)`,
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, ['pipe']);
    const missing = wordOf(settings, 'pipe', pipeNames, 'Ctx_WinStation_API_service');
    return { name: this.name, hasPipe: (name) => (isSameName(name, missing) ? false : null) };
  },
};
