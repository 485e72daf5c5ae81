import type { ServerFlags } from '../command.ts';
import { UsherError } from '../../sessions/errors.ts';
import { microsoftCommand } from './command.ts';

export const queryTermserver = microsoftCommand<ServerFlags>({
  grammar: {
    command: 'query termserver',
    usage: '[NAME] [/domain:DOMAIN] [/address] [/continue]',
    switches: { domain: 'value', address: 'alone', continue: 'alone' },
    operands: 1,
  },
  summary: 'refused: hosts are kept in the inventory',
  description:
    'Refused: Usher searches no network for session hosts. The hosts that it knows are those of the inventory: usher hosts list.',
  rows: [],
  examples: [['usher hosts list', 'the hosts of the inventory']],
  async run() {
    throw new UsherError({
      code: 'usage',
      message: 'Usher searches no network for session hosts: it knows those of the inventory',
      hint: 'list them: usher hosts list',
    });
  },
});
