import { reset } from '../reset.ts';
import { sessionAct } from './session-act.ts';

export const rwinsta = sessionAct({
  command: 'rwinsta',
  also: 'reset session',
  summary: 'reset a session: usher reset',
  does: 'Resets a session: it ends, and what is not saved is lost',
  usher: 'reset',
  own: reset,
  examples: [
    ['usher rwinsta 3 /server:ts01', 'session 3 of ts01'],
    ['usher reset session rdp-tcp#6 /server:ts01', 'the same by its name'],
  ],
});
