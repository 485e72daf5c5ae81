import { simpleAct } from './acts/simple.ts';

export const disconnect = simpleAct({
  act: 'disconnect',
  summary: 'disconnect clients, keeping their programs',
  verb: 'disconnect',
  examples: [
    ['usher disconnect alice@ts01', 'her client closes, her programs go on'],
    ['usher disconnect --state active --idle-over 2h -s @rds --yes', 'everybody who went away'],
  ],
});
