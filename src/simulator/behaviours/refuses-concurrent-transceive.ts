import type { BehaviourKind } from './behaviour.ts';
import { checkSettings } from './settings.ts';

/** What Windows does: a pipe in whose answer somebody waits takes no second FSCTL_PIPE_TRANSCEIVE. */
export const refusesConcurrentTransceive: BehaviourKind = {
  name: 'refuses-concurrent-transceive',
  summary: 'a second FSCTL_PIPE_TRANSCEIVE of a pipe is refused (STATUS_PIPE_BUSY) while one waits',
  of: ['host'],
  make(settings) {
    checkSettings(this.name, settings, []);
    return { name: this.name, smb: { transceives: 'one' } };
  },
};
