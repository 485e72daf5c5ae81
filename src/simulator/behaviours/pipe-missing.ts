import { winregCalls } from '../../wire/ms-rrp/calls.ts';
import { tstsCalls } from '../../wire/ms-tsts/calls.ts';
import { isSameName } from '../world/account.ts';
import type { BehaviourKind } from './behaviour.ts';
import { checkSettings, wordOf } from './settings.ts';

const pipes = [...new Set([...tstsCalls, ...winregCalls].map((call) => call.interface.pipe))];

/** A service does not run, or a firewall of the host hides its pipe. */
export const pipeMissing: BehaviourKind = {
  name: 'pipe-missing',
  summary: `a pipe is not there: pipe=${pipes.join('|')} (Ctx_WinStation_API_service)`,
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, ['pipe']);
    const missing = wordOf(settings, 'pipe', pipes, 'Ctx_WinStation_API_service');
    return { name: this.name, hasPipe: (name) => (isSameName(name, missing) ? false : null) };
  },
};
