import { simpleAct } from './acts/simple.ts';

export const logoff = simpleAct({
  act: 'logoff',
  summary: 'log users off, and prove it',
  verb: 'log off',
  examples: [
    ['usher logoff alice@ts01', 'politely, without a warning; `usher end` warns'],
    ['usher logoff --state disconnected --idle-over 8h -s @rds --dry-run', 'who would be logged off'],
  ],
});
