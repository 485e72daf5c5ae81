import { disconnect } from '../disconnect.ts';
import { sessionAct } from './session-act.ts';

export const tsdiscon = sessionAct({
  command: 'tsdiscon',
  also: null,
  summary: 'disconnect a session: usher disconnect',
  does: 'Disconnects a session, whose programs go on',
  usher: 'disconnect',
  own: disconnect,
  examples: [['usher tsdiscon 3 /server:ts01', 'session 3 of ts01']],
});
